/** Convolutions on a CPU: a table of algorithms by shape, with their transforms, products and gradients. */
package io.ugatit.tensor.cpu.convolution;
