package io.ugatit.job;

import org.apache.spark.SparkContext;

/** How many tasks run at a time. */
public final class Slots {
    private Slots() { }

    /**
     * The slots that there are now: those of the master in local mode, else of the executors that have come. Unlike Spark's
     * default parallelism no setting changes it.
     *
     * @param spark the session's context
     */
    public static int here(SparkContext spark) {
        return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
    }
}
