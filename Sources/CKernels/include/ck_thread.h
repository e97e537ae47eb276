// State of one thread, and the allocator's settings.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  int32_t paused;    // > 0: operations record no graph
  int32_t draining;  // 1: a node's release is emptying the work list
  int32_t threads;   // > 0: how many threads operations of this one use, instead of the number for all
  uint64_t last_id;  // identifier of the node made last
  void *pending;     // nodes whose release is due
} ck_thread_state;

ck_thread_state *ck_thread(void);

/// Tells the processor that this thread spins: its other hardware thread gets the units, and the loop ends without a pipeline flush.
static inline void ck_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("isb");
#endif
}

/// Memory for `bytes` bytes on a 64-byte boundary; ck_release with the same number gives it back. Small blocks are kept by the thread and
/// large ones by `ck_large.c`: a training step asks for the same sizes again and again, and returning them to the system costs page faults.
void *ck_allocate(size_t bytes);
void ck_release(void *pointer, size_t bytes);
/// Tells malloc, for the whole process, to keep freed blocks of up to 32 MiB. For a program to call, not for a library.
void ck_keep_freed_memory(void);
/// ck_allocate for a kernel's own work: ends the program where there is no memory.
void *ck_scratch(size_t bytes);
/// The same for blocks of megabytes: whole huge pages, kept when freed up to an eighth of the machine's memory.
void *ck_allocate_large(size_t bytes);
void ck_release_large(void *pointer, size_t bytes);
