package io.ugatit.safetensors;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import io.ugatit.tensor.FloatMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A safetensors file open for reading. Opening checks the whole header against the file's length before memory is taken for anything it
 * claims; reading streams through one buffer of 1 MiB, so tensors and files may be larger than Java's arrays. Not thread-safe.
 */
public final class SafetensorsFile implements TensorFile {
    /** The limit that the reference implementation sets. */
    private static final long MAX_HEADER_BYTES = 100_000_000;
    private static final int CHUNK_BYTES = 1 << 20;

    private final Path path;
    private final FSDataInputStream in;
    private final long dataStart;
    private final SafetensorsHeader header;
    private final byte[] chunk = new byte[CHUNK_BYTES];

    private SafetensorsFile(Path path, FSDataInputStream in, long dataStart, SafetensorsHeader header) {
        this.path = path;
        this.in = in;
        this.dataStart = dataStart;
        this.header = header;
    }

    /**
     * Opens a file and checks its header.
     *
     * @param configuration finds the path's file system
     * @param path the file
     * @throws InvalidRequestException if there is no such file or it is no whole safetensors file; one line that names file and tensor
     * @throws IOException if the file system fails
     */
    public static SafetensorsFile open(Configuration configuration, Path path) throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, path);
        FileStatus status = Publishing.requireFile(fileSystem, path);
        FSDataInputStream in = fileSystem.open(path);
        try {
            byte[] header = readHeader(path, in, status.getLen());
            long dataStart = Long.BYTES + (long) header.length;
            return new SafetensorsFile(path, in, dataStart, SafetensorsHeader.parse(path.toString(), header, status.getLen() - dataStart));
        } catch (IOException | RuntimeException | Error e) {
            in.close();
            throw e;
        }
    }

    private static byte[] readHeader(Path path, FSDataInputStream in, long fileLength) throws IOException {
        if (fileLength < Long.BYTES) {
            throw new InvalidRequestException(path + ": is " + fileLength + " bytes long, too short for a safetensors file");
        }
        byte[] prefix = new byte[Long.BYTES];
        readFully(path, in, prefix, prefix.length);
        long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > MAX_HEADER_BYTES || length > fileLength - Long.BYTES) {
            throw new InvalidRequestException(path + ": its first 8 bytes claim a header of " + Long.toUnsignedString(length)
                    + " bytes, but the file is " + fileLength + " bytes long and a header at most " + MAX_HEADER_BYTES
                    + ": truncated, or not a safetensors file");
        }
        byte[] header = new byte[(int) length];
        readFully(path, in, header, header.length);
        return header;
    }

    private static void readFully(Path path, FSDataInputStream in, byte[] bytes, int count) throws IOException {
        try {
            in.readFully(bytes, 0, count);
        } catch (FSError e) {
            throw FileFailure.of(path, e);
        }
    }

    /** @return the header's free-form strings; empty when it has none; immutable */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** @return the tensors by name, in the order of their bytes; immutable */
    @Override
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    @Override
    public void read(String name, INDArray destination) throws IOException {
        DType type = check(name, destination.shape()).dtype();
        FloatMemory memory = new FloatMemory(name, destination);
        ByteBuffer numbers = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        long[] done = {0};
        stream(name, (bytes, count) -> {
            int floats = count / type.bytes();
            FloatDecoder.decode(type, numbers, floats, memory.slice(done[0], floats).asFloatBuffer());
            done[0] += floats;
        });
        memory.written();
    }

    /** Takes a tensor's bytes a chunk at a time. */
    @FunctionalInterface
    public interface Chunks {
        /**
         * @param chunk holds whole elements, valid until this returns
         * @param count how many bytes of it, at most 1 MiB
         * @throws IOException if they cannot be taken
         */
        void take(byte[] chunk, int count) throws IOException;
    }

    /**
     * Streams a tensor's bytes as they are in the file: elements in 'c' order, little-endian.
     *
     * @param name a tensor of the file
     * @throws IOException if the file system fails, or the file has become shorter
     */
    public void stream(String name, Chunks chunks) throws IOException {
        in.seek(dataStart + header.begin(name));
        long left = tensors().get(name).bytes();
        while (left > 0) {
            int count = (int) Math.min(CHUNK_BYTES, left);
            readFully(path, in, chunk, count);
            chunks.take(chunk, count);
            left -= count;
        }
    }

    /**
     * Fills arrays with all tensors, once every name, shape and type has proved right.
     *
     * @param destinations one array, as {@link #read} takes them, for every tensor of the file
     * @throws InvalidRequestException if names, shapes or types differ; one line, and no destination is changed
     * @throws IOException as {@link #read}
     */
    public void readInto(Map<String, INDArray> destinations) throws IOException {
        checkMatches(destinations);
        for (String name : tensors().keySet()) {
            read(name, destinations.get(name));
        }
    }

    /**
     * Checks that the file holds exactly these tensors.
     *
     * @param expected arrays of the expected names and shapes; their contents play no part
     * @throws InvalidRequestException if a tensor is missing, is one too many, has another shape, or is not floating; one line
     */
    public void checkMatches(Map<String, INDArray> expected) {
        expected.forEach((name, array) -> check(name, array.shape()));
        for (TensorInfo tensor : tensors().values()) {
            if (!expected.containsKey(tensor.name())) {
                throw new InvalidRequestException(path + ": tensor " + quoted(tensor.name()) + " " + Arrays.toString(tensor.shape())
                        + " is one too many: the model has none of this name");
            }
        }
    }

    /** @return the file's path */
    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
