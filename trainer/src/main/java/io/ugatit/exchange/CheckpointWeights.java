package io.ugatit.exchange;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.DType;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.checkpoint.SafetensorsFile;
import io.ugatit.checkpoint.TensorInfo;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The bytes of a checkpoint's parameters, streamed through one buffer of 1 MiB: a tensor may be larger than the heap and than Java's arrays.
 * Not thread-safe.
 */
final class CheckpointWeights implements Closeable {
    private static final int CHUNK_BYTES = 1 << 20;
    private final Path path;
    private final Map<String, TensorInfo> tensors;
    private final FSDataInputStream in;
    private final long dataStart;

    private CheckpointWeights(Path path, Map<String, TensorInfo> tensors, FSDataInputStream in, long dataStart) {
        this.path = path;
        this.tensors = tensors;
        this.in = in;
        this.dataStart = dataStart;
    }

    /**
     * Opens the parameters and checks that they are those of six networks of these sizes, in single precision.
     *
     * @throws InvalidRequestException if they are not; one line that names file and tensor
     * @throws IOException if the file system fails
     */
    static CheckpointWeights open(Configuration configuration, Checkpoint checkpoint, NetworkOptions options) throws IOException {
        Path path = checkpoint.parameters();
        Map<String, TensorInfo> tensors;
        try (SafetensorsFile file = checkpoint.openParameters()) {
            for (Network network : Network.values()) {
                network.parameterShapes(options).forEach((name, shape) -> requireSingle(path, file.check(name, shape)));
            }
            tensors = file.tensors();
        }
        FileSystem fileSystem = Publishing.fileSystem(configuration, path);
        // tensors cover the file's data without a gap, to its end
        long data = tensors.values().stream().mapToLong(TensorInfo::end).max().orElseThrow();
        return new CheckpointWeights(path, tensors, fileSystem.open(path), fileSystem.getFileStatus(path).getLen() - data);
    }

    private static void requireSingle(Path path, TensorInfo tensor) {
        if (tensor.dtype() != DType.F32) {
            throw new InvalidRequestException(path + ": tensor " + tensor.name() + " is of type " + tensor.dtype() + ": a checkpoint's are F32");
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
        TensorInfo tensor = tensors.get(name);
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, tensor.end() - tensor.begin())];
        long end = dataStart + tensor.end();
        for (long from = dataStart + tensor.begin(); from < end; from += chunk.length) {
            int count = (int) Math.min(chunk.length, end - from);
            read(from, chunk, count);
            requireFinite(name, ByteBuffer.wrap(chunk, 0, count).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
            out.write(chunk, 0, count);
        }
    }

    private void read(long from, byte[] chunk, int count) throws IOException {
        try {
            in.seek(from);
            in.readFully(chunk, 0, count);
        } catch (FSError e) {
            throw FileFailure.of(path, e);
        }
    }

    private void requireFinite(String name, FloatBuffer values) {
        while (values.hasRemaining()) {
            if (!Float.isFinite(values.get())) {
                throw new InvalidRequestException(path + ": tensor " + name + " holds values that are infinite or not a number");
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
