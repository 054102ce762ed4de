/** Feature maps, and the numeric kernels on them that the layers are made of: fast ones for the CPU and portable ones. */
package io.ugatit.tensor;
