#include "ck_mt19937.h"

#pragma clang fp contract(off)

enum { N = CK_MT19937_WORDS, M = 397 };

static inline uint32_t mix(uint32_t high, uint32_t low, uint32_t far) {
  uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
  return far ^ (y >> 1) ^ (-(y & 1u) & 0x9908b0dfu);
}

void ck_mt19937_twist(uint32_t *w) {
  for (int k = 0; k < N - M; k++) w[k] = mix(w[k], w[k + 1], w[k + M]);
  for (int k = N - M; k < N - 1; k++) w[k] = mix(w[k], w[k + 1], w[k + M - N]);
  w[N - 1] = mix(w[N - 1], w[0], w[M - 1]);
}

static inline uint32_t draw(uint32_t *w, int64_t *position) {
  if (*position == N) {
    ck_mt19937_twist(w);
    *position = 0;
  }
  uint32_t y = w[(*position)++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

static inline double signed_uniform(uint32_t *w, int64_t *position) {
  uint32_t a = draw(w, position) >> 5, b = draw(w, position) >> 6;
  return 2.0 * ((a * 67108864.0 + b) / 9007199254740992.0) - 1.0;
}

void ck_mt19937_skip_gaussian_pairs(uint32_t *words, int64_t *position, int64_t pairs) {
  int64_t p = *position;
  while (pairs > 0) {
    double u = signed_uniform(words, &p), v = signed_uniform(words, &p);
    double s = u * u + v * v;
    if (s < 1.0 && s != 0.0) pairs--;
  }
  *position = p;
}
