package io.ugatit.job;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.ExecutorLossReason;
import org.apache.spark.scheduler.cluster.CoarseGrainedClusterMessages;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;
import org.apache.spark.util.RpcUtils;

/** The executor that the calling task runs in. */
public final class SparkExecutor {
    /** What Spark calls its driver among the executors. */
    private static final String DRIVER = "driver";
    /** After the driver has been told; it answers in milliseconds. */
    private static final int SECONDS_TO_END = 30;

    private SparkExecutor() {}

    /** What a task does. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Does it. */
        T get() throws E;
    }

    /**
     * Does a task's work, and after an {@link UnusableProcessException} has the driver end this executor and try the task in another
     * process: this one would fail every attempt at once. A driver that computes by itself goes on, and has the exception.
     *
     * @throws InternalError if the driver does not end the executor; Spark does then
     */
    public static <T, E extends Exception> T endIfUnusable(Work<T, E> work) throws E {
        try {
            return work.get();
        } catch (UnusableProcessException e) {
            SparkEnv spark = SparkEnv.get();
            if (spark == null || DRIVER.equals(spark.executorId())) {
                throw e;
            }
            // not by the task's failure: the driver would send its next attempt here, and may never get the reason
            RpcEndpointRef driver = RpcUtils.makeDriverRef(CoarseGrainedSchedulerBackend.ENDPOINT_NAME(), spark.conf(), spark.rpcEnv());
            driver.send(new CoarseGrainedClusterMessages.RemoveExecutor(spark.executorId(), new ExecutorLossReason(e.getMessage())));
            awaitTheEnd();
            throw new InternalError(e.getMessage(), e);
        }
    }

    private static void awaitTheEnd() {
        try {
            TimeUnit.SECONDS.sleep(SECONDS_TO_END);
        } catch (InterruptedException e) { // the task is killed: nothing is left to wait for
            Thread.currentThread().interrupt();
        }
    }
}
