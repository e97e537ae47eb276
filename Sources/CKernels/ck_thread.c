#include "ck_thread.h"

#include <stdlib.h>
#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif

static _Thread_local ck_thread_state state;

ck_thread_state *ck_thread(void) { return &state; }

static int configured = 0;

void *ck_allocate(size_t bytes) {
  if (__builtin_expect(!__atomic_load_n(&configured, __ATOMIC_RELAXED), 0)) {
#if defined(M_MMAP_THRESHOLD)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
#endif
    __atomic_store_n(&configured, 1, __ATOMIC_RELAXED);
  }
  return aligned_alloc(64, (bytes + 63) & ~(size_t)63);
}
