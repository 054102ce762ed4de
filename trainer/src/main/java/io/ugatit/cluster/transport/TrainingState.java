package io.ugatit.cluster.transport;

import io.ugatit.tensor.FloatMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What workers average, a graph's flat vectors one after the other, in chunks: nothing as large as a model is ever one object. Bytes are
 * floats in native order. Several threads may read and write different chunks.
 */
public final class TrainingState {
    /** What of a chunk is on the heap while it is written out. */
    private static final int PIECE_FLOATS = 1 << 14;

    private final List<FloatMemory> vectors;
    private final long length;
    private final int chunkFloats;

    /**
     * @param vectors that are read and overwritten: parameters, and of Adam's moments those that are averaged too
     * @param chunkBytes of every chunk but the last; a multiple of 4
     */
    public TrainingState(List<INDArray> vectors, int chunkBytes) {
        this.vectors = vectors.stream().map(vector -> new FloatMemory("state", vector)).toList();
        this.length = this.vectors.stream().mapToLong(FloatMemory::length).sum();
        this.chunkFloats = chunkBytes / Float.BYTES;
    }

    /** Number of chunks. */
    public int chunks() {
        return Math.toIntExact((length + chunkFloats - 1) / chunkFloats);
    }

    /** A chunk, whose bytes are read from the graph when they are written out. */
    public Part chunk(int chunk) {
        return new Chunk((long) chunk * chunkFloats, floats(chunk));
    }

    /** A copy of a chunk. */
    byte[] read(int chunk) {
        byte[] bytes = new byte[floats(chunk) * Float.BYTES];
        read((long) chunk * chunkFloats, bytes, bytes.length);
        return bytes;
    }

    private int floats(int chunk) {
        return (int) Math.min(chunkFloats, length - (long) chunk * chunkFloats);
    }

    private void read(long from, byte[] target, int bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(target);
        forEachPart(from, bytes / Float.BYTES, (vector, first, count) -> buffer.put(vector.slice(first, count)));
    }

    /** A part of a vector. */
    private interface Visit {
        void part(FloatMemory vector, long first, int count);
    }

    /** Visits so many floats of the state, in their order. */
    private void forEachPart(long from, int count, Visit visit) {
        long begin = 0;
        for (FloatMemory vector : vectors) {
            long first = Math.max(from, begin);
            long end = Math.min(from + count, begin + vector.length());
            if (first < end) {
                visit.part(vector, first - begin, (int) (end - first));
            }
            begin += vector.length();
        }
    }

    /**
     * Overwrites a chunk.
     *
     * @param bytes the whole chunk, from its position on, which stays as it is
     * @throws IllegalStateException if it has another length; nothing is written then
     */
    public void write(int chunk, ByteBuffer bytes) {
        if (bytes.remaining() != floats(chunk) * Float.BYTES) {
            throw new IllegalStateException("chunk " + chunk + " of the state has arrived with " + bytes.remaining() + " bytes in the place of "
                    + floats(chunk) * Float.BYTES);
        }
        ByteBuffer arrived = bytes.duplicate();
        forEachPart((long) chunk * chunkFloats, floats(chunk), (vector, first, count) -> {
            vector.slice(first, count).put(arrived.slice(arrived.position(), count * Float.BYTES));
            vector.written();
            arrived.position(arrived.position() + count * Float.BYTES);
        });
    }

    private final class Chunk implements Part {
        private final long from;
        private final int floats;

        Chunk(long from, int floats) {
            this.from = from;
            this.floats = floats;
        }

        @Override
        public int length() {
            return floats * Float.BYTES;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] piece = new byte[Math.min(PIECE_FLOATS, floats) * Float.BYTES];
            for (int done = 0; done < floats; done += PIECE_FLOATS) {
                int bytes = Math.min(PIECE_FLOATS, floats - done) * Float.BYTES;
                read(from + done, piece, bytes);
                out.write(piece, 0, bytes);
            }
        }
    }
}
