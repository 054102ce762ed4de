package io.ugatit.exchange.onnx;

import java.io.IOException;
import java.io.OutputStream;

/** Where a model's weights come from. */
@FunctionalInterface
public interface TensorSource {
    /**
     * Writes one tensor.
     *
     * @param name {@code NET.KEY}
     * @param out takes its floats in 'c' order, little-endian
     * @throws IOException if a file system fails
     */
    void writeTo(String name, OutputStream out) throws IOException;
}
