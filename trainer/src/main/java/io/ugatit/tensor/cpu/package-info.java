/** Kernels for CPUs with AVX2 or AVX-512: a table of algorithms for convolutions, Java's Vector API for the rest. */
package io.ugatit.tensor.cpu;
