package io.ugatit.tensor;

/**
 * A few numbers of double precision where {@link Kernels} compute: one for every plane, logits, a singular value, the terms of a loss. They
 * live until {@link Kernels#recycle}.
 */
public interface Values {
    /** How many. */
    int length();
}
