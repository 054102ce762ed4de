package io.ugatit.cluster.transport;

import io.ugatit.job.DaemonThreads;
import io.ugatit.job.JobFailedException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.RDDBlockId;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * Brings the parts of a round's result to the driver: tasks leave them as raw blocks in their executors, and the driver takes them from there
 * while later ones are made. As results of tasks they would be serialised twice and be on the heap five times, and
 * {@code spark.driver.maxResultSize} would limit them together.
 */
public final class PartBlocks implements AutoCloseable {
    /** How often a part is made again because the executor that had it was lost: as often as Spark runs a task that fails. */
    private static final int ATTEMPTS = 4;

    /** One may fetch a part while another writes one. */
    private static final int RECEIVERS = 2;

    private final RoundParts parts;
    private List<Integer> missing;

    /** @param parts what a round ends in */
    public PartBlocks(RoundParts parts) {
        this.parts = parts;
        this.missing = IntStream.range(0, parts.getNumPartitions()).boxed().toList();
    }

    /**
     * Makes every part and takes it over, once.
     *
     * @param receive takes a part's number and its bytes, to be read before it returns; in any order, and two at a time
     * @throws JobFailedException if executors are lost again and again
     */
    public void forEach(BiConsumer<Integer, ByteBuffer> receive) {
        for (int attempt = 0; !missing.isEmpty(); attempt++) {
            if (attempt == ATTEMPTS) {
                throw new JobFailedException("the driver could not get what executors had averaged, " + ATTEMPTS
                        + " times: they were lost, or cannot be reached at spark.blockManager.port");
            }
            missing = make(missing, receive);
        }
    }

    /** Removes what was left and not taken. */
    @Override
    public void close() {
        if (!missing.isEmpty()) {
            removeLeftovers();
        }
    }

    /**
     * Removes what tasks have left a second time, which may happen when a stage is run again. Not to be called right after the round, while
     * Spark still removes what was taken.
     */
    public void removeLeftovers() {
        blocks().removeRdd(parts.id(), false);
    }

    /** Returns those that were lost before they could be taken. */
    private List<Integer> make(List<Integer> wanted, BiConsumer<Integer, ByteBuffer> receive) {
        Map<Integer, Future<Boolean>> taken = new ConcurrentHashMap<>();
        int rdd = parts.id();
        ExecutorService receiver = Executors.newFixedThreadPool(RECEIVERS, DaemonThreads.named("ugatit-receiver"));
        try {
            parts.context().runJob(parts, leave(rdd), (Seq<Object>) (Seq<?>) JavaConverters.asScalaBuffer(wanted).toSeq(),
                    (Function2<Object, Integer, BoxedUnit>) (index, part) -> {
                        taken.put(part, receiver.submit(() -> take(new RDDBlockId(rdd, part), bytes -> receive.accept(part, bytes))));
                        return BoxedUnit.UNIT;
                    }, ClassTag$.MODULE$.apply(Integer.class));
            return wanted.stream().filter(part -> !result(taken.get(part))).toList();
        } finally {
            receiver.shutdownNow(); // nothing is left to do, unless the round has failed
        }
    }

    /** In a task: leaves its part, and returns the number. */
    private static Function2<TaskContext, Iterator<byte[]>, Integer> leave(int rdd) {
        return (Function2<TaskContext, Iterator<byte[]>, Integer> & Serializable) (task, results) -> {
            int part = task.partitionId();
            RawBlocks.put(new RDDBlockId(rdd, part), ByteBuffer.wrap(results.next()));
            return part;
        };
    }

    /** In the driver: reads a block and removes it. Returns false if it is gone. */
    private boolean take(BlockId block, Consumer<ByteBuffer> receive) {
        if (!RawBlocks.read(block, receive)) {
            Optional<ByteBuffer> fetched = RawBlocks.fetch(block);
            if (fetched.isEmpty()) {
                return false;
            }
            receive.accept(fetched.get());
        }
        blocks().removeBlock(block);
        return true;
    }

    private BlockManagerMaster blocks() {
        return parts.context().env().blockManager().master();
    }

    private static boolean result(Future<Boolean> taken) {
        try {
            return taken.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot take over what the workers have made: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while taking over what the workers have made", e);
        }
    }
}
