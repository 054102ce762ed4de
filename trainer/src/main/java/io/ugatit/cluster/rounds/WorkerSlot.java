package io.ugatit.cluster.rounds;

import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.job.Slots;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.TrainingSchedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task leaves in its executor for a task of the next round: the networks' memory and the images in memory. No bit of the result
 * depends on it, since every round starts by overwriting the state.
 */
public final class WorkerSlot {
    private static final Map<String, ConcurrentLinkedDeque<WorkerSlot>> FREE = new ConcurrentHashMap<>();
    private static final long SECONDS_TO_FORGET = 30;
    private static final Logger LOG = LoggerFactory.getLogger(WorkerSlot.class);
    private final KernelChoice kernels;
    private final UgatitGraph graph;
    private AlternatingStep step;
    private BatchLoader loader;

    private WorkerSlot(KernelChoice kernels, int batch, UgatitGraph graph) {
        this.kernels = kernels;
        this.graph = graph;
        graph.setCompute(kernels.reaching(graph.options().largestMapBytes(batch)).compute());
    }

    /**
     * A slot that no other task has, from an earlier round if there is one on the same device. What trainings before this one have left is
     * freed.
     *
     * @param batch images of each domain in a step, the same for all of a training
     */
    static WorkerSlot take(String training, KernelChoice kernels, int batch, Supplier<UgatitGraph> graph) {
        FREE.keySet().stream().filter(other -> !other.equals(training)).forEach(WorkerSlot::forget);
        ConcurrentLinkedDeque<WorkerSlot> free = FREE.computeIfAbsent(training, unused -> new ConcurrentLinkedDeque<>());
        for (Iterator<WorkerSlot> slots = free.descendingIterator(); slots.hasNext();) {
            WorkerSlot slot = slots.next();
            if (slot.kernels.equals(kernels) && free.remove(slot)) {
                return slot;
            }
        }
        return new WorkerSlot(kernels, batch, graph.get());
    }

    /** Leaves it for the next task. */
    void giveBack(String training) {
        FREE.computeIfAbsent(training, unused -> new ConcurrentLinkedDeque<>()).addLast(this);
    }

    /** Frees all slots of a training in this JVM that no task has. */
    public static void forget(String training) {
        ConcurrentLinkedDeque<WorkerSlot> slots = FREE.remove(training);
        for (WorkerSlot slot = slots == null ? null : slots.poll(); slot != null; slot = slots.poll()) {
            slot.close();
        }
    }

    /**
     * Frees all slots of a training that has ended on executors, as far as these take a task at once: what comes next in the application may
     * need the memory. A further training would free them too.
     */
    public static void forgetOnExecutors(JavaSparkContext context, String training) {
        int slots = context.isLocal() ? 0 : Slots.here(context.sc());
        if (slots == 0) { // no executors, or none any more
            return;
        }
        context.sc().setJobDescription("free the networks' memory");
        JavaFutureAction<Void> freeing = context.parallelize(Collections.nCopies(slots, training), slots).foreachAsync(WorkerSlot::forget);
        try {
            freeing.get(SECONDS_TO_FORGET, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("executors may keep the networks' memory until their application ends: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            freeing.cancel(true);
        }
    }

    /** How many slots wait for a task in this JVM. */
    public static int waiting() {
        return FREE.values().stream().mapToInt(ConcurrentLinkedDeque::size).sum();
    }

    /** Frees it. */
    void close() {
        graph.closeCompute();
        try {
            if (loader != null) {
                loader.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the data set's shards", e);
        }
    }

    KernelChoice kernels() {
        return kernels;
    }

    UgatitGraph graph() {
        return graph;
    }

    /** The step in the graph, which keeps what it has recorded on a GPU. */
    AlternatingStep step(TrainingSchedule schedule, long stepsDone) {
        if (step == null || !step.schedule().equals(schedule)) {
            step = new AlternatingStep(graph, schedule, stepsDone);
        }
        step.resume(stepsDone);
        return step;
    }

    /** The loader of the first task, which has images in memory; all loaders of a training are equal. */
    BatchLoader loader(BatchLoader received) {
        if (loader == null) {
            loader = received;
        }
        return loader;
    }
}
