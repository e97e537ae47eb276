#include "ck_table.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL avx2
#define RECIPROCAL14 0
#define VECTOR_BYTES 32
#define WIDE 0
#include "levels.inc"
#pragma clang attribute pop
#endif
