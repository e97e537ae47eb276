// Integrators of small n-body systems, eight trajectories at a time.
#pragma once
#include <stdint.h>

/// The number of trajectories advanced together; the innermost index of every array below.
#define CK_NBODY_LANES 8

// Shapes: x, v [bodies][3][8]; pair quantities [pairs][8], pairs (i, j), i < j, i slow; scratch 4 * bodies * 8 doubles.
// `level` chooses the instruction set (see ck_level.h); every level gives the same bits. All arithmetic is plain IEEE double without
// contraction, sums in the order of the bodies.

/// `steps` times: v += dt F(x), x += dt v (symplectic Euler), where F_i = sum_j c_ij (x_i - x_j) / r_ij^3 with
/// r_ij^2 = |x_i|^2 + |x_j|^2 - 2 x_i.x_j, each component of F clamped to +-max_force.
/// closest [8] is lowered to the least r_ij^2 met and peak [8] raised to the largest |component| of F before clamping.
void ck_nbody_coulomb(int level, int64_t bodies, int64_t steps, double dt, double max_force, const double *c, double *x, double *v,
                      double *scratch, double *closest, double *peak);

/// `steps` times: v += dt/2 a(x), x += dt v, v += dt/2 a(x) (leapfrog), where
/// a_i = sum_j g m_j (x_j - x_i) / (r_ij^2 + softening^2)^(3/2); mass [bodies][8]. closest and peak (of a) as above.
void ck_nbody_gravity(int level, int64_t bodies, int64_t steps, double dt, double g, double softening, const double *mass, double *x,
                      double *v, double *scratch, double *closest, double *peak);

/// `steps` times: v += dt F(x), x += dt v, then reflection at the walls of the box [-box, box]^3, where
/// F_i = -sum_j c_ij (x_i - x_j), each component clamped to +-max_force. closest and peak as above.
void ck_nbody_springs(int level, int64_t bodies, int64_t steps, double dt, double max_force, double box, const double *c, double *x,
                      double *v, double *scratch, double *closest, double *peak);
