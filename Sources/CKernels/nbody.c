#include "ck_nbody.h"

// Eight doubles, of no particular alignment: one register of AVX-512, two of AVX2, four of the baseline.
typedef double lanes __attribute__((ext_vector_type(CK_NBODY_LANES), aligned(8)));

// Products and sums stay apart at every level, so that every level gives the same bits.
#pragma clang fp contract(off)

#define LEVEL(name) name##_baseline
#include "nbody_loops.h"
#undef LEVEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL(name) name##_avx2
#include "nbody_loops.h"
#undef LEVEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define LEVEL(name) name##_avx512
#include "nbody_loops.h"
#undef LEVEL
#pragma clang attribute pop

#define DISPATCH(name, ...)       \
  if (level >= 2)                 \
    name##_avx512(__VA_ARGS__);   \
  else if (level == 1)            \
    name##_avx2(__VA_ARGS__);     \
  else                            \
    name##_baseline(__VA_ARGS__)
#else
#define DISPATCH(name, ...) ((void)level, name##_baseline(__VA_ARGS__))
#endif

#define IN(p) (const lanes *)(p)
#define INOUT(p) (lanes *)(p)

void ck_nbody_coulomb(int level, int64_t bodies, int64_t steps, double dt, double max_force, const double *c, double *x, double *v,
                      double *scratch, double *closest, double *peak) {
  DISPATCH(coulomb, bodies, steps, dt, max_force, IN(c), INOUT(x), INOUT(v), INOUT(scratch), INOUT(closest), INOUT(peak));
}

void ck_nbody_gravity(int level, int64_t bodies, int64_t steps, double dt, double g, double softening, const double *mass, double *x,
                      double *v, double *scratch, double *closest, double *peak) {
  DISPATCH(gravity, bodies, steps, dt, g, softening, IN(mass), INOUT(x), INOUT(v), INOUT(scratch), INOUT(closest), INOUT(peak));
}

void ck_nbody_springs(int level, int64_t bodies, int64_t steps, double dt, double max_force, double box, const double *c, double *x,
                      double *v, double *scratch, double *closest, double *peak) {
  DISPATCH(springs, bodies, steps, dt, max_force, box, IN(c), INOUT(x), INOUT(v), INOUT(scratch), INOUT(closest), INOUT(peak));
}
