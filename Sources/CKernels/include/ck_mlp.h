// Two linear layers with GELU between them, of rows of mean 0 and variance 1, by blocks of rows that stay in the caches; see mlp.inc.
#pragma once
#include <stddef.h>

/// y = W2 gelu(W1 z + b1) + b2, z = (x - mean) / sqrt(variance + epsilon) over each row.
typedef struct {
  ptrdiff_t width, inner, outputs;
  double epsilon;
  const void *w1, *turned1, *b1;  // W1 [inner, width], its transpose, b1 [inner]
  const void *w2, *turned2, *b2;  // W2 [outputs, inner], its transpose, b2 [outputs]
} ck_mlp;
/// Gradients of the sum of g y: gx is written, the others are zeroed and summed over the rows.
typedef struct {
  void *gx, *gw1, *gb1, *gw2, *gb2;
} ck_mlp_gradients;
/// y [rows, outputs] = f(x) + added, where added is not null. Needs no w1 and w2.
void ck_mlp_run(int type, const ck_mlp *form, ptrdiff_t rows, const void *x, const void *added, void *y);
/// Computes what it needs of the values again. Needs no turned2.
void ck_mlp_pullback(int type, const ck_mlp *form, ptrdiff_t rows, const void *x, const void *g, const ck_mlp_gradients *gradients);
