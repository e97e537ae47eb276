// FFTW in double (fftw_) and single precision (fftwf_).
#include <fftw3.h>
