package io.ugatit.exchange;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.safetensors.DType;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.safetensors.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The bytes of the parameters to export, streamed: a tensor may be larger than the heap and than Java's arrays. Generators may come from a
 * file of averages, all else is as the training left it. Not thread-safe.
 */
final class CheckpointWeights implements Closeable {
    private final SafetensorsFile all;
    private final SafetensorsFile averages;

    /** @param averages null for none */
    private CheckpointWeights(SafetensorsFile all, SafetensorsFile averages) {
        this.all = all;
        this.averages = averages;
    }

    /**
     * Opens the parameters and checks that they are those of six networks of these sizes, in single precision.
     *
     * @throws InvalidRequestException if they are not; one line that names file and tensor
     * @throws IOException if the file system fails
     */
    static CheckpointWeights open(ExportSource source) throws IOException {
        CheckpointWeights weights = null;
        SafetensorsFile all = source.checkpoint().openParameters();
        try {
            weights = new CheckpointWeights(all, source.averages() ? source.checkpoint().openAverages() : null);
            weights.check(source.network());
            return weights;
        } catch (InvalidRequestException | IOException e) {
            (weights == null ? all : weights).close();
            throw e;
        }
    }

    private void check(NetworkOptions options) {
        for (Network network : Network.values()) {
            network.parameterShapes(options).forEach((name, shape) -> requireSingle(file(name), file(name).check(name, shape)));
        }
    }

    private SafetensorsFile file(String name) {
        return averages != null && Network.isOfGenerator(name) ? averages : all;
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
        SafetensorsFile file = file(name);
        file.stream(name, (chunk, count) -> {
            requireFinite(file, name, ByteBuffer.wrap(chunk, 0, count).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
            out.write(chunk, 0, count);
        });
    }

    private static void requireFinite(SafetensorsFile file, String name, FloatBuffer values) {
        while (values.hasRemaining()) {
            if (!Float.isFinite(values.get())) {
                throw new InvalidRequestException(file.path() + ": tensor " + name + " holds values that are infinite or not a number");
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (all) {
            if (averages != null) {
                averages.close();
            }
        }
    }
}
