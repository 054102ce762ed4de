/** Kernels on an NVIDIA GPU: this project's own, in CUDA C++ compiled ahead, launched through the driver. */
package io.ugatit.tensor.cuda;
