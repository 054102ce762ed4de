/** Buffers and the numeric kernels the layers are made of, over ND4J arrays. */
package io.ugatit.tensor;
