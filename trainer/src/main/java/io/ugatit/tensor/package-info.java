/** The contract: feature maps, the numeric kernels on them that the layers are made of, and the memory they take. */
package io.ugatit.tensor;
