// Products of irreps as derivatives of one sparse multilinear form; see coupling.inc.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// One path of a form: the sum over its coefficients C of factor w a b z, channel by channel. Places count elements in a row.
typedef struct {
  int32_t z, z_step;        // place of component 0, and from component to component
  int32_t components;       // of z
  int32_t w;                // < 0: none
  double factor;
} ck_coupling_path;
/// Consecutive paths with the same factors a and b and the same channels: one path where b is a number for all channels.
/// Lists are places in the form's `table` and `values`. A tile is up to 4 rows with entries in the same columns:
///   scalar b, rows: rows R, entries n, z components [R], then a components [n]; the coefficients M are numbered entry by entry, row by row;
///             columns: R, n, a components [R], then for each entry a z component and R numbers of coefficients;
///             terms: of coefficient q: starts [q], then b components, with `row_values`: M_q = factor sum values b; terms_of_b: the same of
///             b component j: starts [j], then coefficients, with `column_values`;
///   elementwise, rows: R, n, (path, z component) [R], then (a, b) components [n]; R values an entry;
///             columns: for each of a b pairs: start of its entries, then of each entry the row among the components of all paths, and a value.
typedef struct {
  int32_t path, paths;
  int32_t elementwise;
  int32_t swapped;          // a is of y and b of x
  int32_t channels;
  int32_t a, a_step, a_components;
  int32_t b, b_step, b_components;
  int32_t row_tiles, rows;          // number of tiles, and where they start
  int32_t column_tiles, columns;    // elementwise: 0
  int32_t coefficients, terms, terms_of_b;  // scalar b
  int32_t row_values, column_values;
} ck_coupling_group;
typedef struct {
  int32_t groups;
  const ck_coupling_group *group;
  const ck_coupling_path *path;
  const int32_t *table;
  const void *values;       // of the scalar type
  int32_t width[4];         // elements of a row of x, y, z, w
  int32_t coefficients;     // of all groups with scalar b
  int32_t exclusive;        // every element of z is of exactly one path
  int32_t largest[4];       // of all groups: coefficients, components of z of all paths, paths, components of b
} ck_coupling_form;
enum { CK_EACH = 0, CK_SHARED, CK_INDEXED, CK_POSITION };
/// One of x, y, z, w: where edge e at position q has its row: e, 0, index[e] or q. `out`, where not null, is the gradient of the sum of
/// w x y z over edges with respect to this operand: written for CK_EACH and CK_POSITION, added to what is there for the others.
typedef struct {
  const void *in;           // null where only `out` of this operand is asked
  void *out;
  const int32_t *index;
  int32_t rows;
} ck_coupling_operand;
/// The multilinear form sum_e sum_paths factor C[i, j, k] w x_i y_j z_k: derivatives with respect to any of its operands, in one pass over
/// the edges start ..< start + count, or order[start] and so on.
void ck_coupling(int type, const ck_coupling_form *form, ptrdiff_t start, ptrdiff_t count, const int32_t *order,
                 const ck_coupling_operand operands[4]);
