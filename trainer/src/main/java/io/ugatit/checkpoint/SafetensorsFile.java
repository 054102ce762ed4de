package io.ugatit.checkpoint;

import static io.ugatit.checkpoint.SafetensorsHeader.quoted;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.FloatMemory;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
public final class SafetensorsFile implements Closeable {
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
        FileStatus status;
        try {
            status = fileSystem.getFileStatus(path);
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(path + ": there is no such file", e);
        }
        if (status.isDirectory()) {
            throw new InvalidRequestException(path + ": is a folder, not a safetensors file");
        }
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
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    /**
     * Fills an array with a tensor; F16, BF16 and F64 become 32-bit floats.
     *
     * @param name the tensor's name
     * @param destination a FLOAT array of the tensor's shape whose elements lie one after the other in 'c' order; may be a view
     * @throws InvalidRequestException if the file has no such tensor, or one of another shape or of a type that is not floating
     * @throws IllegalArgumentException if the destination has another type or layout
     * @throws IOException if the file system fails, or the file has become shorter; the destination may be partly filled then
     */
    public void read(String name, INDArray destination) throws IOException {
        TensorInfo tensor = check(name, destination.shape());
        FloatMemory memory = new FloatMemory(name, destination);
        int width = tensor.dtype().bytes();
        int floatsAChunk = CHUNK_BYTES / width;
        in.seek(dataStart + tensor.begin());
        for (long from = 0; from < memory.length(); from += floatsAChunk) {
            int count = (int) Math.min(floatsAChunk, memory.length() - from);
            readFully(path, in, chunk, count * width);
            convert(tensor.dtype(), count, memory.slice(from, count));
        }
        memory.written();
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

    /**
     * Checks that the file holds a tensor that {@link #read} can put into an array of this shape.
     *
     * @param name the tensor's name
     * @param shape the dimensions it must have
     * @return what the file says of it
     * @throws InvalidRequestException if the tensor is missing, has another shape, or is not floating; one line
     */
    public TensorInfo check(String name, long[] shape) {
        TensorInfo tensor = tensors().get(name);
        if (tensor == null) {
            throw new InvalidRequestException(path + ": tensor " + quoted(name) + " is missing, expected with shape " + Arrays.toString(shape));
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new InvalidRequestException(path + ": tensor " + quoted(name) + " has shape " + Arrays.toString(tensor.shape())
                    + ", expected " + Arrays.toString(shape));
        }
        if (!tensor.dtype().isReadable()) {
            throw new InvalidRequestException(path + ": tensor " + quoted(name) + " is of type " + tensor.dtype()
                    + ", expected F32, F16, BF16 or F64");
        }
        return tensor;
    }

    private void convert(DType from, int count, ByteBuffer to) {
        ByteBuffer source = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = to.asFloatBuffer();
        switch (from) {
            case F32 -> to.put(chunk, 0, count * Float.BYTES);
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, (float) source.getDouble(i * Double.BYTES));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, Float.intBitsToFloat(source.getShort(i * Short.BYTES) << 16));
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    floats.put(i, halfToFloat(source.getShort(i * Short.BYTES)));
                }
            }
            default -> throw new IllegalStateException("not a floating type: " + from);
        }
    }

    /** IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int floatExponent = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | floatExponent << 23 | fraction << 13);
    }

    /** @return the file's path */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
