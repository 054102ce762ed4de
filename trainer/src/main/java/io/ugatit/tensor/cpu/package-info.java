/** Kernels for CPUs with AVX2 or AVX-512: oneDNN for convolutions, Java's Vector API for the rest. */
package io.ugatit.tensor.cpu;
