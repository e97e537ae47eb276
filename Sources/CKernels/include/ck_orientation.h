// The spatial convolution on positions and orientations as derivatives of one quadrilinear form; see orientation.inc.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Q = sum over pairs p of nodes i, j, orientations o and channels c of K[p, o, c] (x[j, o, c] g[i, o, c] and, where mutual,
/// x[i, o', c] g[j, o', c] with o' = o + n - n/2 modulo n), K = b Wᵀ. It is symmetric: x at the senders and g at the receivers, or the
/// other way about. What no result needs may be null.
typedef struct {
  ptrdiff_t orientations, channels, basis;
  const int32_t *from, *to;  // j and i of each pair
  const uint8_t *mutual;
  const void *b;       // [pairs, orientations, basis]
  const void *weight;  // W, [channels, basis]
  const void *turned;  // Wᵀ
  const void *kernel;  // K, [pairs, orientations, channels], where it is known
  const void *x, *g;   // [nodes, orientations, channels]
  const void *loop;    // K of the edge from each node of `first` ... to itself, the same at every orientation, [channels]; or null
} ck_orientation;
/// Null where not asked for. y, gw and gloop are zeroed first.
typedef struct {
  void *kernel;            // K, kept
  void *y;                 // the derivative by g, of `count` nodes from `first` on, those that the pairs refer to
  ptrdiff_t first, count;
  void *gb, *gw;           // by b, of all pairs, and by W
  void *gloop;             // by the loop's kernel, from `count` nodes
} ck_orientation_results;
void ck_orientation_convolution(int type, const ck_orientation *form, ptrdiff_t lo, ptrdiff_t hi, const ck_orientation_results *results);

/// The convolution over orientations, channel by channel: y[i, p, c] = sum over o of k[p, o, c] x[i, o, c] for nodes i of x [nodes, n, channels].
void ck_fiber_convolution(int type, ptrdiff_t nodes, ptrdiff_t n, ptrdiff_t channels, const void *k, const void *x, void *y);
/// Its derivative by k: gk[p, o, c] = sum over nodes of g[i, p, c] x[i, o, c].
void ck_fiber_products(int type, ptrdiff_t nodes, ptrdiff_t n, ptrdiff_t channels, const void *g, const void *x, void *gk);
