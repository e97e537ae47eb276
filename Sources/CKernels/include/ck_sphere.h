// Products of functions on the sphere, channel by channel: z [rows, components[2], channels] from x [rows, components[0], channels] and
// y [rows, components[1], of_y], where of_y is the number of channels or 1. Components in the order l^2 + l + m; those that no product
// reaches are not read, and are 0 where they are written.
//
// Forward z is given and g, gx and gy are null. Backward z is null: gx and gy, one of which may be null, are the gradients of the sum of
// g z, in one pass; where of_y is not channels, gy must hold zeros before.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// By quadrature over the polar angle. Tables of the scalar type: for each run of four pairs of nodes theta, pi - theta (the last pair may
/// be the equator alone), for each field, for m = 0 ... L, l = m ... L, four numbers, one a pair.
typedef struct {
  int32_t degree[3];      // of x, y, z: what is used
  int32_t components[3];  // in memory
  int32_t nodes;
  int32_t fields;             // 1: f g. 2: f_theta g_phi - f_phi g_theta
  const void *synthesis[3];   // the polar factors, half of them for m > 0, or the derivatives by theta and by phi / sin theta
  const void *analysis[3];    // polar factors times weights
} ck_sphere_grid;

/// By non-zero coefficients. `program` holds pairs (i, j) of components of x and y; by pairs, starts and the k of each coefficient; by k,
/// starts and the pairs. The first `mixed` pairs stand for x_i y_j + sign x_j y_i. `values` of the scalar type: by pairs, then by k.
typedef struct {
  int32_t used[3];        // components of x, y, z that occur
  int32_t components[3];  // in memory
  int32_t pairs, mixed, nonzeros, sign;
  const int32_t *program;
  const void *values;
} ck_sphere_sparse;

/// By Fourier series in both angles, polar x azimuthal points of the torus, and a fast Fourier transform that the caller brings.
typedef struct {
  int32_t degree[3];
  int32_t components[3];
  int32_t band[3];         // the degree of the product of the other two
  int32_t polar, azimuthal;  // at least 2 band + 1 for every band that is asked for, and the sum of the degrees + 1
  const void *synthesis[3], *analysis[3];
  /// In place on re and im [polar, azimuthal, lanes], im right behind re: given the plan `forward`, re, im or `inverse`, im, re.
  void (*transform)(const void *plan, void *first, void *second);
  const void *inverse, *forward;
} ck_sphere_torus;

/// A grid for the pairs of degrees whose integrals it is exact for. Tables of the scalar type.
typedef struct {
  int32_t nodes, points;    // northern nodes of the polar angle, and points about the axis
  int32_t passes;
  const int32_t *radix;     // of the Fourier transform: factors 2, 3, 4 or 5 of the number of points
  int32_t lowest, degree;   // of the operands that occur in the pairs
  int32_t order;            // the largest of the results
  int32_t pairs;
  const int32_t *pair;      // l1, l2, the least and the largest degree of the result, and the number of the first of their paths
  const int32_t *start;     // for each order m of the results, the row of l = m in `analysis`
  const void *twiddles;     // for each pass of radix r and each p: exp(-2 pi i p k / n), k = 1 ... r - 1
  const void *polar;        // for each degree from 0 on, node and order: polar factor, derivative by theta, m / sin theta times the factor
  const void *analysis;     // for each m, l >= m: polar factor times weight at the nodes; both tables halved for m > 0
} ck_sphere_path_grid;

/// Every path of the Clebsch-Gordan product, through a product and a bracket of functions for each pair of degrees.
typedef struct {
  int32_t degree[2];        // of x and y
  int32_t components[3];    // in memory; z holds the paths in any order
  int32_t grids;
  const ck_sphere_path_grid *grid;
  const int32_t *place;     // for each path, where the component of order 0 is
  const void *scales;       // for each path, what multiplies it, of the scalar type
} ck_sphere_paths;

/// Columns that the transforms treat together.
int ck_sphere_lanes(int type);

void ck_sphere_grid_product(int type, const ck_sphere_grid *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                            const void *y, const void *g, void *z, void *gx, void *gy);
void ck_sphere_torus_product(int type, const ck_sphere_torus *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                             const void *y, const void *g, void *z, void *gx, void *gy);
void ck_sphere_sparse_product(int type, const ck_sphere_sparse *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                              const void *y, const void *g, void *z, void *gx, void *gy);
void ck_sphere_paths_product(int type, const ck_sphere_paths *plan, ptrdiff_t rows, ptrdiff_t channels, ptrdiff_t of_y, const void *x,
                             const void *y, const void *g, void *z, void *gx, void *gy);
