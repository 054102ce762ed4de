package io.ugatit.exchange;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.DType;
import io.ugatit.checkpoint.SafetensorsFile;
import io.ugatit.checkpoint.TensorInfo;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The bytes of a checkpoint's parameters, streamed: a tensor may be larger than the heap and than Java's arrays. Not thread-safe. */
final class CheckpointWeights implements Closeable {
    private final SafetensorsFile file;

    private CheckpointWeights(SafetensorsFile file) {
        this.file = file;
    }

    /**
     * Opens the parameters and checks that they are those of six networks of these sizes, in single precision.
     *
     * @throws InvalidRequestException if they are not; one line that names file and tensor
     * @throws IOException if the file system fails
     */
    static CheckpointWeights open(Checkpoint checkpoint, NetworkOptions options) throws IOException {
        SafetensorsFile file = checkpoint.openParameters();
        try {
            for (Network network : Network.values()) {
                network.parameterShapes(options).forEach((name, shape) -> requireSingle(file, file.check(name, shape)));
            }
        } catch (InvalidRequestException e) {
            file.close();
            throw e;
        }
        return new CheckpointWeights(file);
    }

    private static void requireSingle(SafetensorsFile file, TensorInfo tensor) {
        if (tensor.dtype() != DType.F32) {
            throw new InvalidRequestException(file.path() + ": tensor " + tensor.name() + " is of type " + tensor.dtype()
                    + ": a checkpoint's are F32");
        }
    }

    /**
     * Writes a tensor's floats in 'c' order, little-endian.
     *
     * @param name {@code NET.KEY}
     * @throws InvalidRequestException if a value is not finite; names the tensor
     * @throws IOException if a file system fails
     */
    void copy(String name, OutputStream out) throws IOException {
        file.stream(name, (chunk, count) -> {
            requireFinite(name, ByteBuffer.wrap(chunk, 0, count).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
            out.write(chunk, 0, count);
        });
    }

    private void requireFinite(String name, FloatBuffer values) {
        while (values.hasRemaining()) {
            if (!Float.isFinite(values.get())) {
                throw new InvalidRequestException(file.path() + ": tensor " + name + " holds values that are infinite or not a number");
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
