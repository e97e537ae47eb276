#include "ck_table.h"

// Which functions are called is the level of the machine (ck_level.h).
#if defined(__x86_64__)
static const ck_table *const tables[3][2] = {{&ck_baseline_f32, &ck_baseline_f64}, {&ck_avx2_f32, &ck_avx2_f64}, {&ck_avx512_f32, &ck_avx512_f64}};
#else
static const ck_table *const tables[3][2] = {{&ck_baseline_f32, &ck_baseline_f64}, {&ck_baseline_f32, &ck_baseline_f64}, {&ck_baseline_f32, &ck_baseline_f64}};
#endif

#define CALL(name, ...) tables[ck_level()][type]->name(__VA_ARGS__)
// Products of denormal numbers, of which the tails of activations are full, cost a hundred cycles each on x86: here they count as 0.
#if defined(__x86_64__)
#define FLUSHING(call)                              \
  do {                                              \
    const unsigned state = __builtin_ia32_stmxcsr(); \
    __builtin_ia32_ldmxcsr(state | 0x8040);         \
    call;                                           \
    __builtin_ia32_ldmxcsr(state);                  \
  } while (0)
#else
#define FLUSHING(call) call
#endif

#define UNPACK(...) __VA_ARGS__
#define KERNEL(result, name, implementation, parameters, arguments) \
  result ck_##name(int type, UNPACK parameters) { return CALL(implementation, UNPACK arguments); }
#define KERNEL_FLUSHING(result, name, implementation, parameters, arguments) \
  result ck_##name(int type, UNPACK parameters) { FLUSHING(CALL(implementation, UNPACK arguments)); }
#define KERNEL_INSIDE(result, implementation, parameters)
#include "kernel_list.inc"

void ck_accumulate(int type, ptrdiff_t n, const void *x, void *y) { CALL(accumulate, 1, n, x, y, n); }
void ck_harmonics(int type, ptrdiff_t n, int lo, int hi, const double *table, int normalize, const void *xyz, void *values, void *jacobian) {
  CALL(harmonics_any, jacobian ? CK_HARMONIC_VALUES | CK_HARMONIC_JACOBIAN : CK_HARMONIC_VALUES, n, lo, hi, table, normalize, xyz, values, jacobian, 0, 0);
}
void ck_harmonics_pullback(int type, ptrdiff_t n, int lo, int hi, const double *table, int normalize, const void *xyz, const void *g, void *dx) {
  CALL(harmonics_any, CK_HARMONIC_PULLBACK, n, lo, hi, table, normalize, xyz, 0, 0, g, dx);
}
int ck_sphere_lanes(int type) { return (type == CK_F32 ? 4 : 2) << ck_level(); }
double ck_stream_read(ptrdiff_t bytes, const void *x) { return tables[ck_level()][CK_F32]->stream_read(bytes, x); }
void ck_stream_write(ptrdiff_t bytes, void *y) { tables[ck_level()][CK_F32]->stream_write(bytes, y); }
void ck_copy_rows(ptrdiff_t m, ptrdiff_t bytes, const void *x, ptrdiff_t xstride, void *y, ptrdiff_t ystride) {
  for (ptrdiff_t r = 0; r < m; r++) memcpy((char *)y + r * ystride, (const char *)x + r * xstride, (size_t)bytes);
}
