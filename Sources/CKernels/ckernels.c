#include "ckernels.h"

#include <math.h>
#include <string.h>

// The instruction sets: kernels.inc is compiled once for each, for both scalar types, into a table of functions.
typedef struct {
  void (*unary)(int, ptrdiff_t, const void *, const void *, void *, const double *, int);
  void (*binary)(int, ptrdiff_t, ptrdiff_t, const void *, ptrdiff_t, ptrdiff_t, const void *, ptrdiff_t, ptrdiff_t, void *);
  void (*affine)(ptrdiff_t, const void *, double, double, void *);
  void (*accumulate)(ptrdiff_t, ptrdiff_t, const void *, void *, ptrdiff_t);
  void (*select)(ptrdiff_t, const void *, const void *, const void *, void *);
  void (*fill)(ptrdiff_t, double, void *);
  void (*sum)(ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, void *);
  void (*extremum)(int, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, void *);
  int (*squares_fit)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *);
  void (*powers_of_two)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, void *);
  void (*gather)(ptrdiff_t, ptrdiff_t, const void *, const int32_t *, void *);
  void (*segment_sum)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const int32_t *, const int32_t *, void *);
  void (*segment_max)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const int32_t *, const int32_t *, double, void *);
  void (*gather_add)(ptrdiff_t, ptrdiff_t, const void *, const int32_t *, const void *, const int32_t *, const void *, void *);
  void (*row_dot)(ptrdiff_t, ptrdiff_t, const void *, const void *, void *);
  void (*permute)(int, const ptrdiff_t *, const ptrdiff_t *, ptrdiff_t, ptrdiff_t, const void *, void *);
  void (*adam)(ptrdiff_t, void *, const void *, void *, void *, double, double, double, double, double, double, double, double, double);
  void (*average)(ptrdiff_t, void *, const void *, double);
  void (*gemm)(int, int, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, ptrdiff_t, const void *, ptrdiff_t, double,
               const void *, void *, ptrdiff_t);
  void (*transpose)(ptrdiff_t, ptrdiff_t, const void *, ptrdiff_t, void *, ptrdiff_t);
  void (*harmonics)(int, ptrdiff_t, int, int, const double *, int, const void *, void *, void *, const void *, void *);
  void (*wigner)(ptrdiff_t, int, int, const double *, const void *, void *const *);
  void (*sparse)(ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const int32_t *, const int32_t *, const void *, const void *, void *);
  void (*program)(const ck_program *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const int32_t *, const void *const *, void *const *, void *);
  void (*sphere_grid)(const ck_sphere_grid *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *, const void *, void *, void *, void *);
  void (*sphere_sparse)(const ck_sphere_sparse *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *, const void *, void *, void *,
                        void *);
  void (*sphere_torus)(const ck_sphere_torus *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *, const void *, void *, void *,
                       void *);
  void (*sphere_paths)(const ck_sphere_paths *, ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *, const void *, void *, void *,
                       void *);
  void (*coupling)(const ck_coupling_form *, ptrdiff_t, ptrdiff_t, const int32_t *, const ck_coupling_operand *);
  void (*orientation)(const ck_orientation *, ptrdiff_t, ptrdiff_t, const ck_orientation_results *);
  void (*fiber_convolution)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *, void *);
  void (*fiber_products)(ptrdiff_t, ptrdiff_t, ptrdiff_t, const void *, const void *, void *);
  void (*mlp_values)(const ck_mlp *, ptrdiff_t, const void *, const void *, void *);
  void (*mlp_gradients)(const ck_mlp *, ptrdiff_t, const void *, const void *, const ck_mlp_gradients *);
  void (*frame_coordinates)(ptrdiff_t, ptrdiff_t, const int32_t *, const int32_t *, const int32_t *, ptrdiff_t, const void *, const void *, void *);
  void (*frame_vectors)(ptrdiff_t, ptrdiff_t, const int32_t *, const int32_t *, const int32_t *, ptrdiff_t, const void *, const void *, void *);
  void (*frame_products)(ptrdiff_t, ptrdiff_t, const int32_t *, const int32_t *, const int32_t *, ptrdiff_t, const void *, const void *, void *);
  void (*jacobi)(ptrdiff_t, ptrdiff_t, const void *, void *);
  double (*multiply_adds)(ptrdiff_t);
  double (*stream_read)(ptrdiff_t, const void *);
  void (*stream_write)(ptrdiff_t, void *);
} ck_table;

#define LEVEL baseline
#define RECIPROCAL14 0
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define WIDE 1
#else
#define WIDE 0
#endif
#include "levels.inc"
#undef LEVEL
#undef VECTOR_BYTES
#undef WIDE
#undef RECIPROCAL14
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL avx2
#define RECIPROCAL14 0
#define VECTOR_BYTES 32
#define WIDE 0
#include "levels.inc"
#undef LEVEL
#undef VECTOR_BYTES
#undef WIDE
#undef RECIPROCAL14
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define LEVEL avx512
#define RECIPROCAL14 1
#define VECTOR_BYTES 64
#define WIDE 1
#include "levels.inc"
#undef LEVEL
#undef VECTOR_BYTES
#undef WIDE
#undef RECIPROCAL14
#pragma clang attribute pop
static const ck_table *const tables[3][2] = {{&baseline_f32, &baseline_f64}, {&avx2_f32, &avx2_f64}, {&avx512_f32, &avx512_f64}};
#else
static const ck_table *const tables[3][2] = {{&baseline_f32, &baseline_f64}, {&baseline_f32, &baseline_f64}, {&baseline_f32, &baseline_f64}};
#endif

#define CALL(name, ...) tables[ck_level()][type]->name(__VA_ARGS__)
// Products of denormal numbers, of which the tails of activations are full, cost a hundred cycles each on x86: here they count as 0.
#if defined(__x86_64__)
#define CALL_FLUSHING(name, ...)                               \
  do {                                                         \
    const unsigned state = __builtin_ia32_stmxcsr();           \
    __builtin_ia32_ldmxcsr(state | 0x8040);                    \
    CALL(name, __VA_ARGS__);                                   \
    __builtin_ia32_ldmxcsr(state);                             \
  } while (0)
#else
#define CALL_FLUSHING CALL
#endif

void ck_unary(int type, int kind, ptrdiff_t n, const void *x, const void *g, void *y, const double *c, int nc) {
  CALL(unary, kind, n, x, g, y, c, nc);
}
void ck_binary(int type, int op, ptrdiff_t m, ptrdiff_t n, const void *a, ptrdiff_t ra, ptrdiff_t ca, const void *b, ptrdiff_t rb,
               ptrdiff_t cb, void *y) {
  CALL(binary, op, m, n, a, ra, ca, b, rb, cb, y);
}
void ck_affine(int type, ptrdiff_t n, const void *x, double alpha, double beta, void *y) { CALL(affine, n, x, alpha, beta, y); }
void ck_accumulate(int type, ptrdiff_t n, const void *x, void *y) { CALL(accumulate, 1, n, x, y, n); }
void ck_accumulate_rows(int type, ptrdiff_t m, ptrdiff_t n, const void *x, void *y, ptrdiff_t stride) {
  CALL(accumulate, m, n, x, y, stride);
}
void ck_select(int type, ptrdiff_t n, const void *mask, const void *a, const void *b, void *y) { CALL(select, n, mask, a, b, y); }
void ck_fill(int type, ptrdiff_t n, double value, void *y) { CALL(fill, n, value, y); }
void ck_sum(int type, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, ptrdiff_t stride, const void *a, void *y) {
  CALL(sum, outer, r, inner, stride, a, y);
}
void ck_extremum(int type, int sign, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, ptrdiff_t stride, const void *a, void *y) {
  CALL(extremum, sign, outer, r, inner, stride, a, y);
}
int ck_squares_fit(int type, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, const void *x, const void *squares) {
  return CALL(squares_fit, outer, r, inner, x, squares);
}
void ck_powers_of_two(int type, ptrdiff_t outer, ptrdiff_t r, ptrdiff_t inner, const void *x, void *y) {
  CALL(powers_of_two, outer, r, inner, x, y);
}
void ck_gather(int type, ptrdiff_t m, ptrdiff_t n, const void *a, const int32_t *index, void *y) { CALL(gather, m, n, a, index, y); }
void ck_segment_sum(int type, ptrdiff_t lo, ptrdiff_t hi, ptrdiff_t n, const void *a, const int32_t *offsets, const int32_t *order, void *y) {
  CALL(segment_sum, lo, hi, n, a, offsets, order, y);
}
void ck_segment_max(int type, ptrdiff_t lo, ptrdiff_t hi, ptrdiff_t n, const void *a, const int32_t *offsets, const int32_t *order,
                    double empty, void *y) {
  CALL(segment_max, lo, hi, n, a, offsets, order, empty, y);
}
void ck_gather_add(int type, ptrdiff_t m, ptrdiff_t n, const void *a, const int32_t *i, const void *b, const int32_t *j, const void *c,
                   void *y) {
  CALL(gather_add, m, n, a, i, b, j, c, y);
}
void ck_row_dot(int type, ptrdiff_t m, ptrdiff_t n, const void *a, const void *b, void *y) { CALL(row_dot, m, n, a, b, y); }
void ck_permute(int type, int rank, const ptrdiff_t *dims, const ptrdiff_t *strides, ptrdiff_t first, ptrdiff_t last, const void *x,
                void *y) {
  CALL(permute, rank, dims, strides, first, last, x, y);
}
void ck_adam(int type, ptrdiff_t n, void *p, const void *g, void *m, void *v, double scale, double rate, double b1, double b2, double eps,
             double c1, double c2, double decay, double l2) {
  CALL(adam, n, p, g, m, v, scale, rate, b1, b2, eps, c1, c2, decay, l2);
}
void ck_average(int type, ptrdiff_t n, void *y, const void *x, double decay) { CALL(average, n, y, x, decay); }
void ck_gemm(int type, int ta, int tb, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t lda, const void *b, ptrdiff_t ldb,
             double beta, const void *bias, void *c, ptrdiff_t ldc) {
  CALL_FLUSHING(gemm, ta, tb, m, n, k, a, lda, b, ldb, beta, bias, c, ldc);
}
void ck_transpose(int type, ptrdiff_t m, ptrdiff_t n, const void *x, ptrdiff_t ldx, void *y, ptrdiff_t ldy) {
  CALL(transpose, m, n, x, ldx, y, ldy);
}
void ck_harmonics(int type, ptrdiff_t n, int lo, int hi, const double *table, int normalize, const void *xyz, void *values, void *jacobian) {
  CALL(harmonics, jacobian ? CK_HARMONIC_VALUES | CK_HARMONIC_JACOBIAN : CK_HARMONIC_VALUES, n, lo, hi, table, normalize, xyz, values, jacobian, 0, 0);
}
void ck_harmonics_pullback(int type, ptrdiff_t n, int lo, int hi, const double *table, int normalize, const void *xyz, const void *g,
                           void *dx) {
  CALL(harmonics, CK_HARMONIC_PULLBACK, n, lo, hi, table, normalize, xyz, 0, 0, g, dx);
}
void ck_wigner(int type, ptrdiff_t n, int lo, int hi, const double *table, const void *rotations, void *const *out) {
  CALL(wigner, n, lo, hi, table, rotations, out);
}
void ck_sparse(int type, ptrdiff_t outer, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const int32_t *starts, const int32_t *column,
               const void *values, const void *x, void *y) {
  CALL(sparse, outer, rows, columns, inner, starts, column, values, x, y);
}
void ck_program_run(int type, const ck_program *program, ptrdiff_t first, ptrdiff_t last, ptrdiff_t lo, ptrdiff_t hi, const int32_t *element,
                    const void *const *in, void *const *out, void *work) {
  CALL(program, program, first, last, lo, hi, element, in, out, work);
}
void ck_sphere_grid_product(int type, const ck_sphere_grid *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                            const void *y, const void *g, void *z, void *gx, void *gy) {
  CALL(sphere_grid, plan, rows, channels, of_y, x, y, g, z, gx, gy);
}
void ck_sphere_sparse_product(int type, const ck_sphere_sparse *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                              const void *y, const void *g, void *z, void *gx, void *gy) {
  CALL(sphere_sparse, plan, rows, channels, of_y, x, y, g, z, gx, gy);
}
void ck_sphere_torus_product(int type, const ck_sphere_torus *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                             const void *y, const void *g, void *z, void *gx, void *gy) {
  CALL(sphere_torus, plan, rows, channels, of_y, x, y, g, z, gx, gy);
}
void ck_sphere_paths_product(int type, const ck_sphere_paths *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                             const void *y, const void *g, void *z, void *gx, void *gy) {
  CALL(sphere_paths, plan, rows, channels, of_y, x, y, g, z, gx, gy);
}
int ck_sphere_lanes(int type) { return (type == CK_F32 ? 4 : 2) << ck_level(); }
void ck_coupling(int type, const ck_coupling_form *form, ptrdiff_t start, ptrdiff_t count, const int32_t *order,
                 const ck_coupling_operand operands[4]) {
  CALL(coupling, form, start, count, order, operands);
}
void ck_orientation_convolution(int type, const ck_orientation *form, ptrdiff_t lo, ptrdiff_t hi, const ck_orientation_results *results) {
  CALL_FLUSHING(orientation, form, lo, hi, results);
}
void ck_fiber_convolution(int type, ptrdiff_t nodes, ptrdiff_t n, ptrdiff_t channels, const void *k, const void *x, void *y) {
  CALL_FLUSHING(fiber_convolution, nodes, n, channels, k, x, y);
}
void ck_fiber_products(int type, ptrdiff_t nodes, ptrdiff_t n, ptrdiff_t channels, const void *g, const void *x, void *gk) {
  CALL_FLUSHING(fiber_products, nodes, n, channels, g, x, gk);
}
void ck_mlp_run(int type, const ck_mlp *form, ptrdiff_t rows, const void *x, const void *added, void *y) {
  CALL_FLUSHING(mlp_values, form, rows, x, added, y);
}
void ck_mlp_pullback(int type, const ck_mlp *form, ptrdiff_t rows, const void *x, const void *g, const ck_mlp_gradients *gradients) {
  CALL_FLUSHING(mlp_gradients, form, rows, x, g, gradients);
}
void ck_frame_coordinates(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *starts, const int32_t *xs, const int32_t *ys, ptrdiff_t d,
                          const void *rotations, const void *x, void *y) {
  CALL(frame_coordinates, lo, hi, starts, xs, ys, d, rotations, x, y);
}
void ck_frame_vectors(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *starts, const int32_t *xs, const int32_t *ys, ptrdiff_t d,
                      const void *rotations, const void *y, void *x) {
  CALL(frame_vectors, lo, hi, starts, xs, ys, d, rotations, y, x);
}
void ck_frame_products(int type, ptrdiff_t lo, ptrdiff_t hi, const int32_t *starts, const int32_t *xs, const int32_t *ys, ptrdiff_t d,
                       const void *x, const void *y, void *rotations) {
  CALL(frame_products, lo, hi, starts, xs, ys, d, x, y, rotations);
}
void ck_jacobi(int type, ptrdiff_t count, ptrdiff_t n, const void *a, void *y) { CALL(jacobi, count, n, a, y); }
double ck_multiply_adds(int type, ptrdiff_t n) { return CALL(multiply_adds, n); }
double ck_stream_read(ptrdiff_t bytes, const void *x) { return tables[ck_level()][CK_F32]->stream_read(bytes, x); }
void ck_stream_write(ptrdiff_t bytes, void *y) { tables[ck_level()][CK_F32]->stream_write(bytes, y); }
void ck_copy_rows(ptrdiff_t m, ptrdiff_t bytes, const void *x, ptrdiff_t xstride, void *y, ptrdiff_t ystride) {
  for (ptrdiff_t r = 0; r < m; r++) memcpy((char *)y + r * ystride, (const char *)x + r * xstride, (size_t)bytes);
}
