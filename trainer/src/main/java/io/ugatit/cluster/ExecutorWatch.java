package io.ugatit.cluster;

import io.ugatit.job.DaemonThreads;
import io.ugatit.job.Slots;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Tells the user what Spark would wait for in silence: that there are no executors, or fewer slots than workers. Looks every second beside
 * the rounds.
 */
final class ExecutorWatch implements AutoCloseable {
    private final SparkContext spark;
    private final int workers;
    private final Duration patience;
    private final Supplier<LastCheckpoint> last;
    private final Consumer<String> warn;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ugatit-executor-watch"));
    private long presentAt = System.nanoTime();
    private boolean droughtTold;
    private boolean slotsTold;

    /**
     * Begins to look.
     *
     * @param patience how long there may be no executor before that is told
     * @param last where the training will go on
     * @param warn takes one line, in the thread of this watch or of {@link #countSlots}
     */
    ExecutorWatch(SparkContext spark, int workers, Duration patience, Supplier<LastCheckpoint> last, Consumer<String> warn) {
        this.spark = spark;
        this.workers = workers;
        this.patience = patience;
        this.last = last;
        this.warn = warn;
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** Looks once, and tells what there is to tell for the first time. */
    synchronized void look() {
        if (spark.isStopped()) {
            return;
        }
        // the driver counts as one
        if (spark.isLocal() || spark.statusTracker().getExecutorInfos().length > 1) {
            presentAt = System.nanoTime();
            droughtTold = false;
        } else if (!droughtTold && System.nanoTime() - presentAt > patience.toNanos()) {
            droughtTold = true;
            warn.accept("no executor for " + patience.toSeconds() + " s, training waits: each needs " + need(spark.conf())
                    + ", which no machine of " + spark.master() + " may have, or other applications hold them" + last.get().isSafe());
        }
    }

    private static String need(SparkConf conf) {
        String gpus = conf.get("spark.executor.resource.gpu.amount", "0");
        return conf.get("spark.executor.memory", "1g") + " of memory" + conf.getOption("spark.executor.cores")
                .map(cores -> ", " + cores + " cores").getOrElse(() -> "") + (gpus.equals("0") ? "" : ", " + gpus + " GPUs");
    }

    /** To be called when executors are there: warns once if some workers wait for others. */
    synchronized void countSlots() {
        int slots = Slots.here(spark);
        if (workers > slots && !slotsTold) {
            slotsTold = true;
            warn.accept("--workers is " + workers + ", but there are " + slots + " slots: in every round some workers wait for others; the"
                    + " result is the same");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
