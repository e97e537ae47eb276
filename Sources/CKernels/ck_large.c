#include "ck_thread.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Blocks of whole huge pages, where the system has them: touching a page for the first time costs as much as computing what goes into it,
// and results of hundreds of megabytes are made again and again. Freed blocks are kept, up to an eighth of the machine's memory.
enum { KEPT = 64 };
static struct { void *pointer; size_t bytes; } kept[KEPT];
static int count;
static size_t total, limit;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const size_t page = 2u << 20;

/// Sizes come in steps of an eighth, so that a block serves its neighbours too.
static size_t rounded(size_t bytes) {
  size_t step = page;
  while (step * 16 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

void *ck_allocate_large(size_t bytes) {
  bytes = rounded(bytes);
  void *result = 0;
  pthread_mutex_lock(&lock);
  for (int i = count - 1; i >= 0 && !result; i--)
    if (kept[i].bytes == bytes) {
      result = kept[i].pointer;
      total -= bytes;
      memmove(kept + i, kept + i + 1, (size_t)(--count - i) * sizeof kept[0]);
    }
  pthread_mutex_unlock(&lock);
  if (result) return result;
  // A little too much, and the ends off again, so that it starts on a huge page.
  char *raw = mmap(0, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return 0;
  size_t head = (page - (size_t)raw % page) % page;
  if (head) munmap(raw, head);
  if (head < page) munmap(raw + head + bytes, page - head);
#ifdef MADV_HUGEPAGE
  madvise(raw + head, bytes, MADV_HUGEPAGE);
#endif
  return raw + head;
}

void ck_release_large(void *pointer, size_t bytes) {
  bytes = rounded(bytes);
  pthread_mutex_lock(&lock);
  if (!limit) limit = (size_t)sysconf(_SC_PHYS_PAGES) / 8 * (size_t)sysconf(_SC_PAGESIZE);
  // The oldest go first.
  int old = 0;
  while (old < count && (count - old == KEPT || total + bytes > limit)) {
    munmap(kept[old].pointer, kept[old].bytes);
    total -= kept[old++].bytes;
  }
  count -= old;
  memmove(kept, kept + old, (size_t)count * sizeof kept[0]);
  int keep = total + bytes <= limit;
  if (keep) {
    kept[count].pointer = pointer;
    kept[count++].bytes = bytes;
    total += bytes;
  }
  pthread_mutex_unlock(&lock);
  if (!keep) munmap(pointer, bytes);
}
