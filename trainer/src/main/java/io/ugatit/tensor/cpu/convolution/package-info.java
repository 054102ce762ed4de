/** Algorithms for convolutions on a CPU, and what they have of oneDNN: products of matrices, compiled convolutions, memory. */
package io.ugatit.tensor.cpu.convolution;
