// All kernels, one module. Grids, blocks and scratch memory: see each; none takes dynamic shared memory.
#include "attention.cu"
#include "convolution.cu"
#include "copying.cu"
#include "linear.cu"
#include "losses.cu"
#include "normalization.cu"
#include "spectral.cu"
#include "vectors.cu"
