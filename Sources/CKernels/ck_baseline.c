#include "ck_table.h"

#define LEVEL baseline
#define RECIPROCAL14 0
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define WIDE 1
#else
#define WIDE 0
#endif
#include "levels.inc"
