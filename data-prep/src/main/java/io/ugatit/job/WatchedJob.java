package io.ugatit.job;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.util.LongAccumulator;

/** Waits for a Spark job, printing its progress, and says in one line why it failed. */
public final class WatchedJob {
    private static final long POLL_MILLIS = 100;

    private WatchedJob() {}

    /**
     * Waits.
     *
     * @param job the running job
     * @param done what its tasks have counted so far
     * @param progress the line to print
     * @param safe the end of the message if the job fails: what is safe
     * @return the job's result
     * @throws JobFailedException if a task failed for good, with the task's own message if it had one for the user
     */
    public static <T> T await(JavaFutureAction<T> job, LongAccumulator done, Progress progress, String safe) {
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
