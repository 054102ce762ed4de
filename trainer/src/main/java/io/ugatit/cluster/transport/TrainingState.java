package io.ugatit.cluster.transport;

import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.FloatMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What workers average, parameters followed by Adam's moments if those are averaged too, in chunks: nothing as large as a model is ever
 * one object. Views of a graph's flat vectors; bytes are floats in native order. Several threads may read and write different chunks.
 */
public final class TrainingState {
    /** What of a chunk is on the heap while it is written out. */
    private static final int PIECE_FLOATS = 1 << 14;

    private final FloatMemory parameters;
    private final Optional<FloatMemory> moments;
    private final long length;
    private final int chunkFloats;

    /**
     * @param graph prepared for training if moments are averaged
     * @param withMoments whether Adam's moments travel too
     * @param chunkBytes of every chunk but the last; a multiple of 4
     */
    public TrainingState(UgatitGraph graph, boolean withMoments, int chunkBytes) {
        this.parameters = new FloatMemory("parameters", graph.params());
        this.moments = withMoments ? Optional.of(new FloatMemory("moments", graph.getUpdater().getStateViewArray()))
                : Optional.empty();
        this.length = parameters.length() + moments.map(FloatMemory::length).orElse(0L);
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
        int count = bytes / Float.BYTES;
        int ofParameters = inParameters(from, count);
        if (ofParameters > 0) {
            buffer.put(parameters.slice(from, ofParameters));
        }
        if (ofParameters < count) {
            buffer.put(moments.orElseThrow().slice(from + ofParameters - parameters.length(), count - ofParameters));
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
        long from = (long) chunk * chunkFloats;
        int count = bytes.remaining() / Float.BYTES;
        int ofParameters = inParameters(from, count);
        if (ofParameters > 0) {
            parameters.slice(from, ofParameters).put(bytes.slice(bytes.position(), ofParameters * Float.BYTES));
            parameters.written();
        }
        if (ofParameters < count) {
            FloatMemory target = moments.orElseThrow();
            target.slice(from + ofParameters - parameters.length(), count - ofParameters)
                    .put(bytes.slice(bytes.position() + ofParameters * Float.BYTES, (count - ofParameters) * Float.BYTES));
            target.written();
        }
    }

    private int inParameters(long from, int count) {
        return (int) Math.max(0, Math.min(count, parameters.length() - from));
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
