// State of one thread, and the allocator's settings.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct {
  int32_t paused;    // > 0: operations record no graph
  int32_t draining;  // 1: a node's release is emptying the work list
  uint64_t last_id;  // identifier of the node made last
  void *pending;     // nodes whose release is due
} ck_thread_state;

ck_thread_state *ck_thread(void);

/// Memory for `bytes` bytes on a 64-byte boundary; ck_release with the same number gives it back. Small blocks are kept by the thread,
/// and malloc is told, once, to keep large ones: a training step asks for the same sizes again and again, and returning them to the
/// system costs page faults.
void *ck_allocate(size_t bytes);
void ck_release(void *pointer, size_t bytes);
/// ck_allocate for a kernel's own work: ends the program where there is no memory.
void *ck_scratch(size_t bytes);
/// The same for blocks of megabytes: whole huge pages, kept when freed up to an eighth of the machine's memory.
void *ck_allocate_large(size_t bytes);
void ck_release_large(void *pointer, size_t bytes);
