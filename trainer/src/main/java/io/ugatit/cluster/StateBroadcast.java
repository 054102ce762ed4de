package io.ugatit.cluster;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A state on its way to all executors, in a broadcast a chunk.
 *
 * @param chunks in their order
 */
record StateBroadcast(List<Broadcast<byte[]>> chunks) implements Serializable {
    static StateBroadcast of(JavaSparkContext spark, TrainingState state) {
        return new StateBroadcast(IntStream.range(0, state.chunks()).parallel().mapToObj(chunk -> spark.broadcast(state.read(chunk))).toList());
    }

    /** Overwrites a state with the one that was sent. */
    void into(TrainingState state) {
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            state.write(chunk, ByteBuffer.wrap(chunks.get(chunk).value()));
        }
    }

    /** Frees its memory everywhere. */
    void destroy() {
        chunks.forEach(Broadcast::destroy);
    }
}
