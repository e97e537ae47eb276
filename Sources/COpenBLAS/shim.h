#pragma once
#include <cblas.h>

// Debian's OpenBLAS ships no LAPACKE header: the Fortran entry points that are used, LP64.
#define COPENBLAS_LAPACK(P, T) \
  void P##syevd_(const char *jobz, const char *uplo, const int *n, T *a, const int *lda, T *w, T *work, const int *lwork, int *iwork, const int *liwork, int *info); \
  void P##gesdd_(const char *jobz, const int *m, const int *n, T *a, const int *lda, T *s, T *u, const int *ldu, T *vt, const int *ldvt, T *work, const int *lwork, int *iwork, int *info); \
  void P##geqrf_(const int *m, const int *n, T *a, const int *lda, T *tau, T *work, const int *lwork, int *info); \
  void P##orgqr_(const int *m, const int *n, const int *k, T *a, const int *lda, const T *tau, T *work, const int *lwork, int *info); \
  void P##gesv_(const int *n, const int *nrhs, T *a, const int *lda, int *ipiv, T *b, const int *ldb, int *info);
COPENBLAS_LAPACK(s, float)
COPENBLAS_LAPACK(d, double)
