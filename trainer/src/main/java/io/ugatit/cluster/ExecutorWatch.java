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
 * Tells the user what Spark would wait for in silence: that there are no executors, or none with room for a task, or fewer slots than
 * workers. Looks every second beside the rounds.
 */
final class ExecutorWatch implements AutoCloseable {
    private final SparkContext spark;
    private final Supplier<Supply> supply;
    private final int workers;
    private final Duration patience;
    private final Supplier<LastCheckpoint> last;
    private final Consumer<String> warn;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ugatit-executor-watch"));
    private long presentAt = System.nanoTime();
    private boolean droughtTold;
    private boolean slotsTold;

    /**
     * What there is to run tasks on.
     *
     * @param executors that have come
     * @param slots in all of them
     */
    record Supply(int executors, int slots) {
        static Supply of(SparkContext spark) {
            // the driver counts as an executor
            int executors = spark.statusTracker().getExecutorInfos().length - (spark.isLocal() ? 0 : 1);
            return new Supply(executors, Slots.here(spark));
        }
    }

    /**
     * Begins to look.
     *
     * @param patience how long there may be no executor before that is told
     * @param last where the training will go on
     * @param warn takes one line, in the thread of this watch or of {@link #countSlots}
     */
    ExecutorWatch(SparkContext spark, int workers, Duration patience, Supplier<LastCheckpoint> last, Consumer<String> warn) {
        this(spark, () -> Supply.of(spark), workers, patience, last, warn);
    }

    /** @param supply what there is now */
    ExecutorWatch(SparkContext spark, Supplier<Supply> supply, int workers, Duration patience, Supplier<LastCheckpoint> last,
            Consumer<String> warn) {
        this.spark = spark;
        this.supply = supply;
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
        Supply now = supply.get();
        if (now.slots() > 0) {
            presentAt = System.nanoTime();
            droughtTold = false;
        } else if (!droughtTold && System.nanoTime() - presentAt > patience.toNanos()) {
            droughtTold = true;
            warn.accept((now.executors() > 0 ? tooSmall() : none()) + last.get().isSafe());
        }
    }

    private String none() {
        return "no executor for " + patience.toSeconds() + " s, training waits: each needs " + need(spark.conf()) + ", which no machine of "
                + spark.master() + " may have, or other applications hold them";
    }

    private String tooSmall() {
        String gpus = spark.conf().get("spark.task.resource.gpu.amount", "0");
        return "no executor with room for a task for " + patience.toSeconds() + " s, training waits: a task needs spark.task.cpus="
                + spark.conf().get("spark.task.cpus", "1") + (gpus.equals("0") ? "" : " and spark.task.resource.gpu.amount=" + gpus)
                + ": give less, or executors that have as much";
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
