#include "ck_thread.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif

static _Thread_local ck_thread_state state;

ck_thread_state *ck_thread(void) { return &state; }

// Small blocks are kept by their thread for the next tensor of that size class (powers of two from 64 bytes to 64 KiB, at most 2 MiB a
// class); those below 4 MiB go to malloc.
enum { CLASSES = 11, SMALLEST = 6 };
typedef struct block { struct block *next; } block;
typedef struct {
  block *free[CLASSES];
  int count[CLASSES];
  int registered;
} cache;
static _Thread_local cache blocks;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void drop(void *raw) {
  cache *c = raw;
  for (int k = 0; k < CLASSES; k++)
    while (c->free[k]) {
      block *b = c->free[k];
      c->free[k] = b->next;
      free(b);
    }
}

static void configure(void) { pthread_key_create(&key, drop); }

void ck_keep_freed_memory(void) {
#if defined(M_MMAP_THRESHOLD)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // arrays of the program's own beyond that go back to the system
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_TOP_PAD, 4 << 20);
#endif
}

static inline int class_of(size_t bytes) {
  if (bytes <= 64) return 0;
  int k = 64 - __builtin_clzll((unsigned long long)bytes - 1) - SMALLEST;
  return k < CLASSES ? k : -1;
}

enum { LARGE = 4 << 20 };  // bytes of blocks that `ck_large.c` keeps

void *ck_allocate(size_t bytes) {
  if (bytes >= LARGE) return ck_allocate_large(bytes);
  int k = class_of(bytes);
  if (k >= 0) {
    block *b = blocks.free[k];
    if (__builtin_expect(b != 0, 1)) {
      blocks.free[k] = b->next;
      blocks.count[k]--;
      return b;
    }
    bytes = (size_t)1 << (k + SMALLEST);
  }
  return aligned_alloc(64, (bytes + 63) & ~(size_t)63);
}

void *ck_scratch(size_t bytes) {
  void *result = ck_allocate(bytes);
  if (!result) {
    fprintf(stderr, "out of memory: %zu bytes for the work of a kernel\n", bytes);
    abort();
  }
  return result;
}

void ck_release(void *pointer, size_t bytes) {
  if (bytes >= LARGE) return ck_release_large(pointer, bytes);
  int k = class_of(bytes);
  if (k >= 0 && blocks.count[k] < 1 << (15 - k)) {
    if (__builtin_expect(!blocks.registered, 0)) {
      pthread_once(&once, configure);
      pthread_setspecific(key, &blocks);
      blocks.registered = 1;
    }
    block *b = pointer;
    b->next = blocks.free[k];
    blocks.free[k] = b;
    blocks.count[k]++;
    return;
  }
  free(pointer);
}
