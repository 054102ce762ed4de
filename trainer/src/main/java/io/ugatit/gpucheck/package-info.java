/** A check of the kernels on this machine's GPU: what they compute, whether a killed training ends in the same bits, and the speed. */
package io.ugatit.gpucheck;
