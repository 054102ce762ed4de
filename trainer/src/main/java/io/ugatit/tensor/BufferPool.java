package io.ugatit.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Reuses memory by length: fresh memory is slow, and on the host it would only come back with Java's garbage collection. What a training
 * step takes it gives back, so after the first steps nothing more is allocated.
 */
public interface BufferPool extends AutoCloseable {

    /** The type of every tensor. */
    DataType type();

    /** A tensor of this shape, with undefined content. */
    Tensor take(long... shape);

    /** A vector that begins at a cache line, with undefined content, whole: it is neither sliced nor reshaped. */
    Tensor takeAligned(long length);

    /** Gives back tensors from this pool, whole, in any shape of theirs; nulls are skipped. The caller must not use them afterwards. */
    void release(Tensor... tensors);

    /** Bytes allocated so far and not freed, whether in use or waiting to be. */
    long allocatedBytes();

    /** Bytes of the tensors in use: taken and not given back. */
    long takenBytes();

    /** Frees what is not in use. */
    @Override
    void close();
}
