package io.ugatit.cluster;

import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.FloatMemory;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What workers average, parameters followed by Adam's moments if those are averaged too, in chunks: nothing as large as a model is ever
 * one object. Views of a graph's flat vectors; bytes are floats in native order.
 */
final class TrainingState {
    private final FloatMemory parameters;
    private final Optional<FloatMemory> moments;
    private final long length;
    private final int chunkFloats;

    /**
     * @param graph prepared for training if moments are averaged
     * @param policy of the moments
     * @param chunkBytes of every chunk but the last; a multiple of 4
     */
    TrainingState(UgatitGraph graph, MomentsPolicy policy, int chunkBytes) {
        this.parameters = new FloatMemory("parameters", graph.params());
        this.moments = policy == MomentsPolicy.AVERAGE ? Optional.of(new FloatMemory("moments", graph.getUpdater().getStateViewArray()))
                : Optional.empty();
        this.length = parameters.length() + moments.map(FloatMemory::length).orElse(0L);
        this.chunkFloats = chunkBytes / Float.BYTES;
    }

    /** Number of chunks. */
    int chunks() {
        return Math.toIntExact((length + chunkFloats - 1) / chunkFloats);
    }

    /** A copy of a chunk. */
    byte[] read(int chunk) {
        long from = (long) chunk * chunkFloats;
        int count = (int) Math.min(chunkFloats, length - from);
        byte[] bytes = new byte[count * Float.BYTES];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        int ofParameters = inParameters(from, count);
        if (ofParameters > 0) {
            target.put(parameters.slice(from, ofParameters));
        }
        if (ofParameters < count) {
            target.put(moments.orElseThrow().slice(from + ofParameters - parameters.length(), count - ofParameters));
        }
        return bytes;
    }

    /** Overwrites a chunk. */
    void write(int chunk, byte[] bytes) {
        long from = (long) chunk * chunkFloats;
        int count = bytes.length / Float.BYTES;
        int ofParameters = inParameters(from, count);
        if (ofParameters > 0) {
            parameters.slice(from, ofParameters).put(bytes, 0, ofParameters * Float.BYTES);
            parameters.written();
        }
        if (ofParameters < count) {
            FloatMemory target = moments.orElseThrow();
            target.slice(from + ofParameters - parameters.length(), count - ofParameters)
                    .put(bytes, ofParameters * Float.BYTES, (count - ofParameters) * Float.BYTES);
            target.written();
        }
    }

    private int inParameters(long from, int count) {
        return (int) Math.max(0, Math.min(count, parameters.length() - from));
    }
}
