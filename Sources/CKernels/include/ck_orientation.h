// The spatial convolution on positions and orientations as derivatives of one quadrilinear form; see orientation.inc.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Q = sum over pairs p of nodes i, j, orientations o and channels c of K[p, o, c] (x[j, o, c] g[i, o, c] and, where mutual,
/// x[i, o', c] g[j, o', c] with o' = o + n - n/2 modulo n), K = b Wᵀ. What no result needs may be null.
typedef struct {
  ptrdiff_t orientations, channels, basis;
  const int32_t *receivers, *senders;  // i and j of each pair
  const uint8_t *mutual;
  const void *b;       // [pairs, orientations, basis]
  const void *weight;  // W, [channels, basis]
  const void *turned;  // Wᵀ
  const void *kernel;  // K, [pairs, orientations, channels], where it is known
  const void *x, *g;   // [nodes, orientations, channels]
} ck_orientation;
/// Null where not asked for. The sums (not gb) belong to the call: they are zeroed first.
typedef struct {
  ptrdiff_t first, count;  // nodes of y and gx that the pairs may refer to
  void *kernel;            // K, kept
  void *y, *gx;            // derivatives of Q by g and by x, of `count` nodes
  void *gb, *gw;           // by b, of all pairs, and by W
} ck_orientation_results;
void ck_orientation_convolution(int type, const ck_orientation *form, ptrdiff_t lo, ptrdiff_t hi, const ck_orientation_results *results);
