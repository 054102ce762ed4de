package io.ugatit.cluster.transport;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.storage.BroadcastBlockId;

/**
 * A state on its way to all executors, a raw block a chunk. An executor gets a chunk from any JVM that has it, the driver or another
 * executor, and then has it for others; each begins with another chunk. This is Spark's own broadcast less its serialisation, which would
 * keep every chunk twice in every JVM, and its checksums. The blocks go with a broadcast of Spark's and are freed with it.
 *
 * @param broadcast the number of that broadcast
 * @param chunks how many
 */
public record StateBroadcast(long broadcast, int chunks) implements Serializable {
    /** One task of an executor gets a chunk for all of them. */
    private static final Object FETCHING = new Object();

    /** In the driver: keeps a copy of a state for the executors. */
    public static StateBroadcast of(long broadcast, TrainingState state) {
        StateBroadcast sent = new StateBroadcast(broadcast, state.chunks());
        IntStream.range(0, state.chunks()).forEach(chunk -> RawBlocks.put(sent.block(chunk), ByteBuffer.wrap(state.read(chunk))));
        return sent;
    }

    private BroadcastBlockId block(int chunk) {
        return new BroadcastBlockId(broadcast, "chunk" + chunk);
    }

    /** In a task: overwrites a state with the one that was sent. */
    public void into(TrainingState state) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, chunks).boxed().toList());
        Collections.shuffle(order);
        for (int chunk : order) {
            if (!read(chunk, state)) {
                synchronized (FETCHING) {
                    if (!read(chunk, state)) {
                        ByteBuffer bytes = RawBlocks.fetch(block(chunk))
                                .orElseThrow(() -> new IllegalStateException("chunk " + chunk + " of the state is nowhere to be had"));
                        state.write(chunk, bytes); // before it is passed on: checks the length
                        RawBlocks.put(block(chunk), bytes);
                    }
                }
            }
        }
    }

    private boolean read(int chunk, TrainingState state) {
        return RawBlocks.read(block(chunk), bytes -> state.write(chunk, bytes));
    }
}
