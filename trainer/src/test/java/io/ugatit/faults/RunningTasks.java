package io.ugatit.faults;

import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Tasks of a job that has failed: they may not have ended when it has. */
public final class RunningTasks {
    private RunningTasks() { }

    /** Waits until none runs. */
    public static void await(SparkSession spark) {
        while (Stream.of(spark.sparkContext().statusTracker().getExecutorInfos()).anyMatch(executor -> executor.numRunningTasks() > 0)) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
