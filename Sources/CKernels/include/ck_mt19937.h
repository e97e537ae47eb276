// The inner loops of the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998).
#pragma once
#include <stdint.h>

/// The number of 32-bit words of state.
#define CK_MT19937_WORDS 624

/// Replaces the 624 words of state by the next 624.
void ck_mt19937_twist(uint32_t *words);

/// Draws and drops `pairs` accepted pairs of Marsaglia's polar method: uniform doubles in [-1, 1) from 53 bits (two words each), a pair
/// accepted when 0 < u^2 + v^2 < 1. `position` is the next unused word, 0...624, and is updated.
void ck_mt19937_skip_gaussian_pairs(uint32_t *words, int64_t *position, int64_t pairs);
