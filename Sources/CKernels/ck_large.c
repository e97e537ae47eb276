#include "ck_thread.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Blocks of whole huge pages, where the system has them: touching a page for the first time costs as much as computing what goes into it,
// and results of hundreds of megabytes are made again and again. Freed blocks are kept, up to an eighth of the memory that there is. Batches of
// graphs ask for other sizes every time: a kept block gives a part of itself, and neighbours are joined again.
enum { KEPT = 256 };
static struct { char *pointer; size_t bytes; } kept[KEPT];  // by address
static int count;
static size_t total, limit;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const size_t page = 2u << 20;

static size_t rounded(size_t bytes) { return (bytes + page - 1) / page * page; }

// Bytes of the machine, or of the container where that has fewer.
static size_t memory(void) {
  size_t least = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
  static const char *const paths[] = {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
  for (int i = 0; i < 2; i++) {
    FILE *file = fopen(paths[i], "re");
    unsigned long long bytes;
    if (!file) continue;
    if (fscanf(file, "%llu", &bytes) == 1 && bytes < least) least = (size_t)bytes;
    fclose(file);
  }
  return least;
}

static void drop(int i) {
  total -= kept[i].bytes;
  memmove(kept + i, kept + i + 1, (size_t)(--count - i) * sizeof kept[0]);
}

static void *take(size_t bytes) {
  // The smallest that is large enough.
  int best = -1;
  for (int i = 0; i < count; i++)
    if (kept[i].bytes >= bytes && (best < 0 || kept[i].bytes < kept[best].bytes)) best = i;
  if (best < 0) return 0;
  void *result = kept[best].pointer;
  kept[best].pointer += bytes;
  kept[best].bytes -= bytes;
  total -= bytes;
  if (!kept[best].bytes) drop(best);
  return result;
}

void *ck_allocate_large(size_t bytes) {
  bytes = rounded(bytes);
  pthread_mutex_lock(&lock);
  void *result = take(bytes);
  pthread_mutex_unlock(&lock);
  if (result) return result;
  // A little too much, and the ends off again, so that it starts on a huge page.
  char *raw = mmap(0, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) {
    // Without what is kept there may be room.
    pthread_mutex_lock(&lock);
    while (count) {
      munmap(kept[count - 1].pointer, kept[count - 1].bytes);
      drop(count - 1);
    }
    pthread_mutex_unlock(&lock);
    raw = mmap(0, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) return 0;
  }
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
  if (!limit) limit = memory() / 8;
  // The smallest go first: nothing else may fit into them.
  while (count && (count == KEPT || (total + bytes > limit && bytes <= limit))) {
    int least = 0;
    for (int i = 1; i < count; i++)
      if (kept[i].bytes < kept[least].bytes) least = i;
    munmap(kept[least].pointer, kept[least].bytes);
    drop(least);
  }
  int keep = bytes <= limit;
  if (keep) {
    int i = 0;
    while (i < count && kept[i].pointer < (char *)pointer) i++;
    memmove(kept + i + 1, kept + i, (size_t)(count++ - i) * sizeof kept[0]);
    kept[i].pointer = pointer;
    kept[i].bytes = bytes;
    total += bytes;
    for (int k = i; k >= i - 1 && k >= 0; k--)
      if (k + 1 < count && kept[k].pointer + kept[k].bytes == kept[k + 1].pointer) {
        kept[k].bytes += kept[k + 1].bytes;
        total += kept[k + 1].bytes;
        drop(k + 1);
      }
  }
  pthread_mutex_unlock(&lock);
  if (!keep) munmap(pointer, bytes);
}
