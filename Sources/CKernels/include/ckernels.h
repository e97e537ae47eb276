// Inner loops that need wide SIMD: one C source, three instruction sets, chosen at run time (ck_level.h).
// Every function takes the scalar type as its first argument (CK_F32 or CK_F64); buffers do not overlap unless said.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "ck_level.h"
#include "ck_mlp.h"
#include "ck_orientation.h"
#include "ck_potential.h"
#include "ck_sphere.h"
#include "ck_thread.h"

enum { CK_F32 = 0, CK_F64 = 1 };

/// y = op(a, b). Comparisons give 0 or 1.
enum { CK_ADD = 0, CK_SUB, CK_MUL, CK_DIV, CK_MAX, CK_MIN, CK_GT, CK_GE, CK_LT, CK_LE, CK_EQ, CK_NE };

/// Elementwise functions; c holds nc coefficients (see each kind). Polynomials: c[0] + c[1] s + ...
enum {
  CK_EXP = 0,        // c0 exp(x)
  CK_LOG,            // log(x)
  CK_POWER,          // c0 x^c1
  CK_SIN,            // c0 sin(x)
  CK_COS,            // c0 cos(x)
  CK_SILU,           // x s(x), s the logistic function
  CK_SILU_D1,        // its first derivative
  CK_SILU_D2,        // its second derivative
  CK_SIGMOID_POLY,   // P(s(x))
  CK_X_SIGMOID_POLY, // x P(s(x)) + Q(s(x)); P is the first half of c, Q the second
  CK_TANH_POLY,      // P(tanh x)
  CK_GAUSS,          // (c0 + c1 x) Phi(x) + P(x) exp(-x^2/2), P from c[2] on; Phi the normal distribution function
  CK_SOFTPLUS,       // log(1 + exp(x))
  CK_RELU,           // max(x, 0)
  CK_STEP,           // 1 where x > 0
  CK_ABS,
  CK_SIGN,
  CK_CLAMP,          // min(max(x, c0), c1)
  CK_INSIDE,         // 1 where c0 <= x <= c1
};

/// y[i] = f(x[i]), or g[i] f(x[i]) where g is not null.
void ck_unary(int type, int kind, ptrdiff_t n, const void *x, const void *g, void *y, const double *c, int nc);
/// y[r, i] = op(a, b) on an m x n block, with row and column strides (column strides 0 or 1) of a and b; y is dense.
void ck_binary(int type, int op, ptrdiff_t m, ptrdiff_t n, const void *a, ptrdiff_t ra, ptrdiff_t ca, const void *b, ptrdiff_t rb,
               ptrdiff_t cb, void *y);
/// y = alpha x + beta
void ck_affine(int type, ptrdiff_t n, const void *x, double alpha, double beta, void *y);
/// y += x
void ck_accumulate(int type, ptrdiff_t n, const void *x, void *y);
/// y[r, i] += x[r, i] on an m x n block; x is dense, rows of y are `stride` apart
void ck_accumulate_rows(int type, ptrdiff_t m, ptrdiff_t n, const void *x, void *y, ptrdiff_t stride);
/// y = mask != 0 ? a : b
void ck_select(int type, ptrdiff_t n, const void *mask, const void *a, const void *b, void *y);
void ck_fill(int type, ptrdiff_t n, double value, void *y);
/// y[o, i] = sum over r of a[o, r, i], i < inner, in a fixed order; rows a[o, r] are `stride` >= inner apart
void ck_sum(int type, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, ptrdiff_t stride, const void *a, void *y);
/// y[o, i] = max (sign > 0) or min over r of a[o, r, i], i < inner; NaN wins; rows a[o, r] are `stride` >= inner apart
void ck_extremum(int type, int sign, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, ptrdiff_t stride, const void *a, void *y);
/// Whether squares[o, i], the sums over r of x[o, r, i]², and their powers down to -7/2 are far from over- and underflow, or x is 0 there
int ck_squares_fit(int type, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, const void *x, const void *squares);
/// y[o, i] = a power of two next to the largest |x[o, r, i]|, for all r; 1 where that is 0 or not finite
void ck_powers_of_two(int type, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, const void *x, void *y);
/// y[r] = a[index[r]], rows of n
void ck_gather(int type, ptrdiff_t m, ptrdiff_t n, const void *a, const int32_t *index, void *y);
/// y[t] = sum of a[order[k]] for k in offsets[t] ..< offsets[t + 1], rows of n, for t in lo ..< hi
void ck_segment_sum(int type, ptrdiff_t lo, ptrdiff_t hi, ptrdiff_t n, const void *a, const int32_t *offsets, const int32_t *order, void *y);
/// The same with the largest of each column; NaN wins; `empty` where there is no row
void ck_segment_max(int type, ptrdiff_t lo, ptrdiff_t hi, ptrdiff_t n, const void *a, const int32_t *offsets, const int32_t *order,
                    double empty, void *y);
/// y[r] = a[i[r]] + b[j[r]] (+ c[r]), rows of n; c may be null
void ck_gather_add(int type, ptrdiff_t m, ptrdiff_t n, const void *a, const int32_t *i, const void *b, const int32_t *j, const void *c,
                   void *y);
/// y[r] = dot(a[r], b[r]), rows of n
void ck_row_dot(int type, ptrdiff_t m, ptrdiff_t n, const void *a, const void *b, void *y);
/// y (dense, of the given dimensions) = elements of x read with the given strides; innermost rows first ..< last of y
void ck_permute(int type, int rank, const ptrdiff_t *dims, const ptrdiff_t *strides, ptrdiff_t first, ptrdiff_t last, const void *x,
                void *y);
/// C = op(A) op(B) + bias + beta C, row-major; op transposes where ta, tb are 1. C [m, n], op(A) [m, k], op(B) [k, n]; bias [n] or null.
void ck_gemm(int type, int ta, int tb, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t lda, const void *b, ptrdiff_t ldb,
             double beta, const void *bias, void *c, ptrdiff_t ldc);
/// y[j * ldy + i] = x[i * ldx + j] for i < m, j < n
void ck_transpose(int type, ptrdiff_t m, ptrdiff_t n, const void *x, ptrdiff_t ldx, void *y, ptrdiff_t ldy);
enum { CK_HARMONIC_VALUES = 1, CK_HARMONIC_JACOBIAN = 2, CK_HARMONIC_PULLBACK = 4 };
/// Real spherical harmonics of degrees lo ... hi at n points xyz [n, 3]: values [n, K], K = (hi + 1)^2 - lo^2, and, where not null, the
/// Jacobian [n, 3, K]. `table` is GroupTheory's HarmonicTable; normalize: of the direction, otherwise solid harmonics.
void ck_harmonics(int type, ptrdiff_t n, int lo, int hi, const double *table, int normalize, const void *xyz, void *values, void *jacobian);
/// dx [n, 3], the gradient of sum(values * g), g [n, K]
void ck_harmonics_pullback(int type, ptrdiff_t n, int lo, int hi, const double *table, int normalize, const void *xyz, const void *g,
                           void *dx);
/// Real Wigner matrices of n rotations, quaternions (w, x, y, z) of any length [n, 4]: out[l - lo] is [n, 2l + 1, 2l + 1]. `table` is
/// GroupTheory's WignerTable.
void ck_wigner(int type, ptrdiff_t n, int lo, int hi, const double *table, const void *rotations, void *const *out);
/// y [outer, rows, inner] = M x, x [outer, columns, inner], M sparse by rows: entries starts[r] ..< starts[r + 1] of column and values
void ck_sparse(int type, ptrdiff_t outer, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const int32_t *starts, const int32_t *column,
               const void *values, const void *x, void *y);
/// A straight-line program: node 0 is 1, then come the components of the inputs, then computed nodes, each a sum of terms c v[i] v[j]
/// (those of computed node k are starts[k] ..< starts[k + 1] of coefficients and of the pairs in factors). A shared input has one value for
/// each element instead of each row; a shared output is summed over the rows of an element.
typedef struct {
  ptrdiff_t channels, leaves, nodes;
  int inputs, outputs;
  const int32_t *input_counts, *input_shared, *output_counts, *output_shared, *output_nodes, *starts, *factors;
  const double *coefficients;
} ck_program;
/// Runs it on rows first ..< last and channels lo ..< hi. Tensors are [rows or elements, count, channels]; the work space has
/// CK_PROGRAM_BYTES for each node and 8 for each coefficient. Shared outputs are added to.
enum { CK_PROGRAM_BYTES = 128 };
void ck_program_run(int type, const ck_program *program, ptrdiff_t first, ptrdiff_t last, ptrdiff_t lo, ptrdiff_t hi, const int32_t *element,
                    const void *const *in, void *const *out, void *work);
/// The derivatives of sum over frames t and vectors i of y[t, i]ᵀ R[t]ᵀ x[cloud(t), i] for clouds lo ..< hi, by y, by x and by R [frames, d, d].
/// Cloud c owns frames starts[c] ..< starts[c + 1] and vectors xs[c] ..< xs[c + 1] of x [vectors, d]; those of frame t in y begin at ys[t].
void ck_frame_coordinates(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *starts, const int32_t *xs, const int32_t *ys, ptrdiff_t d,
                          const void *rotations, const void *x, void *y);
void ck_frame_vectors(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *starts, const int32_t *xs, const int32_t *ys, ptrdiff_t d,
                      const void *rotations, const void *y, void *x);
void ck_frame_products(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *starts, const int32_t *xs, const int32_t *ys, ptrdiff_t d,
                       const void *x, const void *y, void *rotations);
/// Eigenvalues, ascending, as a row above the eigenvectors, columns: y [count, n + 1, n], of symmetric a [count, n, n], n <= CK_JACOBI
enum { CK_JACOBI = 6 };
void ck_jacobi(int type, ptrdiff_t count, ptrdiff_t n, const void *a, void *y);
/// m rows of `bytes` bytes, from stride to stride (in bytes)
void ck_copy_rows(ptrdiff_t m, ptrdiff_t bytes, const void *x, ptrdiff_t xstride, void *y, ptrdiff_t ystride);
/// Adam with decoupled weight decay, in place: p -= rate (c1 m / (sqrt(c2 v) + eps) + decay p), after g += l2 p
void ck_adam(int type, ptrdiff_t n, void *p, const void *g, void *m, void *v, double scale, double rate, double b1, double b2, double eps,
             double c1, double c2, double decay, double l2);

/// y = decay y + (1 - decay) x, in place
void ck_average(int type, ptrdiff_t n, void *y, const void *x, double decay);

/// n rounds of independent multiply-adds in registers, as fast as the machine can; for n = 0, how many one round has
double ck_multiply_adds(int type, ptrdiff_t n);
/// Reads a block on a 64-byte boundary, or writes zeros past the caches, as fast as the machine can
double ck_stream_read(ptrdiff_t bytes, const void *x);
void ck_stream_write(ptrdiff_t bytes, void *y);

#include "ck_coupling.h"
#include "ck_mt19937.h"
#include "ck_nbody.h"
