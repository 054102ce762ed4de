/** What all kernels on the host share: the arithmetic of normalisations on a few numbers a plane. */
package io.ugatit.tensor.host;
