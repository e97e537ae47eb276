// What compiled interatomic potentials are made of: sums over neighbours and their derivatives, polynomials of features, gates, norms; see
// potential.inc and polynomials.inc. All numbers of channels are multiples of CK_TILE.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { CK_TILE = 16 };

/// One path of a convolution: the sum over edges of w[c] sum over m1 of M[m1, m3] x[m1, c], with a matrix M for each edge that is linear in its
/// harmonics.
typedef struct {
  int32_t l1, l3;
  int32_t channels;
  int32_t x;                   // place of the input term in a row of x, [2 l1 + 1][channels]; < 0: the input is 1
  int32_t sums, step;          // place of component 0 in a row of sums, and from component to component
  int32_t weight;              // place in a row of radial weights
  int32_t matrix;              // the number of its matrix; < 0: `diagonal` times the identity
  double diagonal;
} ck_convolution_path;
/// The matrix of a coupling l1, l2, l3: M[entry] = the sum of value Y[harmonic] over its terms, which are sorted by harmonic.
typedef struct {
  int32_t place, size;         // among the entries of all matrices of an edge, and how many
  int32_t terms, terms_end;
} ck_convolution_matrix;
typedef struct {
  int32_t entry, harmonic;
  double value;
} ck_convolution_term;
typedef struct {
  int32_t paths, matrices;
  const ck_convolution_path *path;
  const ck_convolution_matrix *matrix;
  const ck_convolution_term *term;
  int32_t entries;             // of all matrices of an edge
  int32_t harmonics;           // of an edge
  int32_t x_width, sums_width; // elements of a row
  int32_t weights;             // of an edge
  int32_t degree;              // of the polynomials that the weights are
} ck_convolution;
/// Edges sorted by the atom that receives them, those of atom a from first[a] to first[a + 1].
typedef struct {
  const int32_t *first;
  const int32_t *sender;       // row of x
  const int32_t *interval;     // row of coefficients, each [degree + 1][weights]; < 0: the edge counts for nothing
  const void *place;           // argument of the polynomials
  const void *harmonics;       // [edges, harmonics]
  const void *coefficients;
} ck_convolution_edges;

/// sums [atoms, sums_width] of the neighbours of `atoms` atoms; zeroed first.
void ck_convolution_sums(int type, const ck_convolution *plan, const ck_convolution_edges *edges, ptrdiff_t atoms, const void *x, void *sums);
/// Derivatives of the sum of g times sums: added to gx, row target[edge] (null: not wanted), to g_place [edges] and to g_harmonics [edges,
/// harmonics].
void ck_convolution_pullback(int type, const ck_convolution *plan, const ck_convolution_edges *edges, ptrdiff_t atoms, const void *x,
                             const void *g, const int32_t *target, void *gx, void *g_place, void *g_harmonics);

/// Polynomials of the components of one channel with coefficients for each channel, as a tree of monomials: node 0 is 1, node k is the product
/// of its parent, which comes before it, and a variable; y[output] = the sum over the groups of all nodes of node times the sum of q x[variable]
/// over the group's entries.
typedef struct {
  int32_t nodes, variables, outputs, entries;
  const int32_t *parent, *variable;  // of each node
  const int32_t *groups;             // where each node's groups start, and their end
  const int32_t *output;             // of each group
  const int32_t *starts;             // where each group's entries start, and their end
  const int32_t *entry;              // variable of each entry
} ck_polynomials;
/// y of `count` rows of x, those numbered in `rows`: component k of row r is x + r * x_width + k * channels, and likewise of y. Coefficients q
/// are [channels / CK_TILE][entries][CK_TILE].
void ck_polynomial_values(int type, const ck_polynomials *plan, ptrdiff_t count, const int32_t *rows, ptrdiff_t channels, const void *q,
                          const void *x, ptrdiff_t x_width, void *y, ptrdiff_t y_width);
/// gx of the same rows, written.
void ck_polynomial_pullback(int type, const ck_polynomials *plan, ptrdiff_t count, const int32_t *rows, ptrdiff_t channels, const void *q,
                            const void *x, ptrdiff_t x_width, const void *g, ptrdiff_t g_width, void *gx, ptrdiff_t gx_width);

enum { CK_GATE_SILU = 0, CK_GATE_TANH };
/// `count` elements of a row from `source` on, which are activated and multiplied by the factor. Those of all pieces lie one after the other.
typedef struct {
  int32_t source, count, kind;
  double factor;
} ck_gate_piece;
/// A term of the result, [dimension][channels] from `target` on: activated elements from `gate` on, times those of the input from `source` on
/// where it is not negative.
typedef struct {
  int32_t source, dimension, channels, gate, target;
} ck_gate_term;
typedef struct {
  int32_t pieces, terms, activated;
  const ck_gate_piece *piece;
  const ck_gate_term *term;
} ck_gate;
/// y of `rows` rows.
void ck_gate_values(int type, const ck_gate *plan, ptrdiff_t rows, const void *x, ptrdiff_t x_width, void *y, ptrdiff_t y_width);
/// gx, written; every element of x must be a gate, a scalar or gated.
void ck_gate_pullback(int type, const ck_gate *plan, ptrdiff_t rows, const void *x, ptrdiff_t x_width, const void *g, ptrdiff_t g_width, void *gx);

/// Rows divided by the root of the weighted sum of their squares plus epsilon, and channels multiplied by a factor of their own.
typedef struct {
  int32_t terms;
  const int32_t *place, *dimension, *channels;
  const double *weight;  // of the squares of each term
  double epsilon;
} ck_rms_norm;
/// In place; `inverse` [rows] receives what the rows were multiplied by. `scale` holds the factors of the channels of all terms.
void ck_rms_norm_values(int type, const ck_rms_norm *plan, ptrdiff_t rows, ptrdiff_t width, const void *scale, void *x, void *inverse);
/// From the result y: the derivative by what was normalised, in place of that by y. Channels with factor 0 give derivative 0.
void ck_rms_norm_pullback(int type, const ck_rms_norm *plan, ptrdiff_t rows, ptrdiff_t width, const void *scale, const void *y,
                          const void *inverse, void *g);

/// The pairs of atoms `lo` to `hi`: vectors from the centre to the neighbour [edges, 3], the piece of a table of `intervals` pieces up to the
/// cut-off in which their length lies (-1 from the cut-off on) and its place there, -1 to 1. Positions and images have a stride of 4.
void ck_edge_geometry(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *first, const int32_t *neighbor, const int32_t *image,
                      const double *positions, const double *cell, double cutoff, ptrdiff_t intervals, void *vectors, int32_t *piece,
                      void *place);
/// Subtracts the gradient of an energy by the vector of each edge, gradient + slope r / |r|, from the neighbour's force, adds it to that of the
/// centre, and adds r times it to the 9 sums `strain`; forces have a stride of 4. Edges whose piece is negative count for nothing.
void ck_edge_forces(int type, ptrdiff_t atoms, const int32_t *first, const int32_t *neighbor, const int32_t *piece, const void *vectors,
                    const void *gradient, const void *slope, double scale, double *forces, double *strain);
/// y row i = the sum of the rows row[k] of x, first[i] <= k < first[i + 1], for rows lo to hi of y.
void ck_sum_rows(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *first, const int32_t *row, ptrdiff_t width, const void *x, void *y);
