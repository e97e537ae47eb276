// Run-time choice of instruction set, shared by every kernel of this target.
#pragma once

/// 0 = baseline of the architecture, 1 = AVX2 and FMA, 2 = AVX-512 (F, VL, DQ, BW).
/// The machine's best, unless the environment variable CK_LEVEL or ck_set_level asked for a lower one.
int ck_level(void);
/// Lowers (or restores) the level; asks for more than the machine has are clipped. Returns the level now in force.
int ck_set_level(int level);
/// "baseline", "avx2" or "avx512".
const char *ck_level_name(void);
