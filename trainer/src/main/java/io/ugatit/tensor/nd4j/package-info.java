/** Kernels of ND4J's operations alone, which run wherever ND4J does. */
package io.ugatit.tensor.nd4j;
