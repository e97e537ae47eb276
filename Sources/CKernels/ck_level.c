#include "ck_level.h"

#include <stdlib.h>

static int machine_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma"))
    return 2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

static int chosen = -1;

int ck_set_level(int level) {
  int best = machine_level();
  int l = level < 0 ? 0 : level > best ? best : level;
  __atomic_store_n(&chosen, l, __ATOMIC_RELAXED);
  return l;
}

int ck_level(void) {
  int l = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (__builtin_expect(l >= 0, 1)) return l;
  const char *asked = getenv("CK_LEVEL");
  return ck_set_level(asked && asked[0] >= '0' && asked[0] <= '9' ? asked[0] - '0' : 2);
}

const char *ck_level_name(void) {
  static const char *const names[] = {"baseline", "avx2", "avx512"};
  return names[ck_level()];
}
