package io.ugatit.job;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/** Runs a Spark job, printing its progress, and says in one line why it failed. */
public final class WatchedJob {
    private static final long POLL_MILLIS = 100;

    private WatchedJob() {}

    /**
     * Runs tasks and collects what they return.
     *
     * @param spark runs them
     * @param progress the line to print
     * @param safe the end of the message if the job fails: what is safe
     * @param tasks given what they are to count their units with
     * @throws JobFailedException if a task failed for good, with the task's own message if it had one for the user
     */
    public static <T> List<T> collect(JavaSparkContext spark, Progress progress, String safe, Function<LongAccumulator, JavaRDD<T>> tasks) {
        LongAccumulator done = spark.sc().longAccumulator(progress.label());
        TaskCounts counts = new TaskCounts(done.id());
        spark.sc().addSparkListener(counts);
        try {
            return await(tasks.apply(done).collectAsync(), counts, progress, safe);
        } finally {
            spark.sc().removeSparkListener(counts);
        }
    }

    private static <T> T await(JavaFutureAction<T> job, TaskCounts done, Progress progress, String safe) {
        while (true) {
            try {
                T result = job.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                progress.finish("");
                return result;
            } catch (TimeoutException e) {
                progress.reach(done.value(), "");
            } catch (InterruptedException e) {
                job.cancel(true);
                Thread.currentThread().interrupt();
                throw new JobFailedException("interrupted; " + safe, e);
            } catch (ExecutionException e) {
                throw failure(e, safe);
            }
        }
    }

    private static JobFailedException failure(ExecutionException e, String safe) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof JobFailedException) {
                return new JobFailedException(cause.getMessage(), e);
            }
        }
        String reason = String.valueOf(e.getCause().getMessage()).lines().findFirst().orElse("");
        return new JobFailedException("a task failed (" + reason + "); " + safe, e);
    }
}
