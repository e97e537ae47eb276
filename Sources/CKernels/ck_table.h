// The functions of one instruction set and scalar type. levels.inc is compiled once for each instruction set, in a file of its own, so that
// the files are compiled side by side.
#ifndef CK_TABLE_H
#define CK_TABLE_H

#include "ckernels.h"

#include <math.h>
#include <string.h>

typedef struct {
#define KERNEL(result, name, implementation, parameters, arguments) result(*implementation) parameters;
#define KERNEL_FLUSHING KERNEL
#define KERNEL_INSIDE(result, implementation, parameters) result(*implementation) parameters;
#include "kernel_list.inc"
#undef KERNEL
#undef KERNEL_FLUSHING
#undef KERNEL_INSIDE
} ck_table;

extern const ck_table ck_baseline_f32, ck_baseline_f64;
#if defined(__x86_64__)
extern const ck_table ck_avx2_f32, ck_avx2_f64, ck_avx512_f32, ck_avx512_f64;
#endif

#endif
