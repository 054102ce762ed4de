/** Passes over maps and vectors on a CPU with Java's Vector API: rows of pixels, their sums, and linear algebra that reads memory once. */
package io.ugatit.tensor.cpu.pass;
