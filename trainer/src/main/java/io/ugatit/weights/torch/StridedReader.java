package io.ugatit.weights.torch;

import io.ugatit.safetensors.DType;
import io.ugatit.safetensors.FloatDecoder;
import io.ugatit.tensor.FloatMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a tensor whose elements do not lie one after the other, such as a transposed one: its part of the storage from front to back, a
 * window of 1 MiB at a time, each element put where it belongs.
 */
final class StridedReader {
    private static final int WINDOW_BYTES = 1 << 20;
    /** Java's buffers reach 2 GiB at most. */
    private static final int FLOATS_A_BUFFER = 1 << 28;

    private final TorchArchive archive;
    private final long begin;
    private final StridedTensor tensor;
    private final DType type;
    private final byte[] bytes;
    private final ByteBuffer window;
    private long windowBegin;
    private long windowEnd;

    /**
     * @param archive holds the storage
     * @param begin where the storage's first byte is in the archive
     */
    StridedReader(TorchArchive archive, long begin, StridedTensor tensor) {
        this.archive = archive;
        this.begin = begin;
        this.tensor = tensor;
        this.type = tensor.storage().type();
        this.bytes = new byte[(int) Math.min(WINDOW_BYTES, tensor.storage().elements() * type.bytes())];
        this.window = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @param memory takes the elements in 'c' order; of the tensor's size, at least one */
    void read(FloatMemory memory) throws IOException {
        List<FloatBuffer> buffers = new ArrayList<>();
        for (long from = 0; from < memory.length(); from += FLOATS_A_BUFFER) {
            buffers.add(memory.slice(from, (int) Math.min(FLOATS_A_BUFFER, memory.length() - from)).asFloatBuffer());
        }
        int[] dimensions = tensor.outermostFirst();
        long[] places = places();
        long[] index = new long[dimensions.length];
        long source = tensor.offset();
        long place = 0;
        for (long done = 0; done < memory.length(); done++) {
            buffers.get((int) (place / FLOATS_A_BUFFER)).put((int) (place % FLOATS_A_BUFFER), element(source));
            for (int i = dimensions.length - 1; i >= 0; i--) {
                int dimension = dimensions[i];
                source += tensor.strides()[dimension];
                place += places[dimension];
                if (++index[i] < tensor.shape()[dimension]) {
                    break;
                }
                source -= index[i] * tensor.strides()[dimension];
                place -= index[i] * places[dimension];
                index[i] = 0;
            }
        }
    }

    /** How far apart in 'c' order neighbours along each dimension are. */
    private long[] places() {
        long[] places = new long[tensor.shape().length];
        long place = 1;
        for (int i = places.length - 1; i >= 0; i--) {
            places[i] = place;
            place *= tensor.shape()[i];
        }
        return places;
    }

    private float element(long at) throws IOException {
        if (at >= windowEnd || at < windowBegin) {
            windowBegin = at;
            windowEnd = Math.min(tensor.storage().elements(), at + bytes.length / type.bytes());
            archive.readFully(begin + at * type.bytes(), bytes, (int) (windowEnd - windowBegin) * type.bytes());
        }
        return FloatDecoder.decode(type, window, (int) (at - windowBegin) * type.bytes());
    }
}
