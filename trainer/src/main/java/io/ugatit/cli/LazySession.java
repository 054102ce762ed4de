package io.ugatit.cli;

import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Starts Spark when a job first asks for it, and stops it if it was started here. Used by one thread. */
final class LazySession implements Supplier<SparkSession>, AutoCloseable {
    private static final String APP_NAME = "spark.app.name";

    private final String applicationName;
    private SparkSession session;
    private boolean startedHere;

    /** @param applicationName what Spark's pages call the job, unless spark-submit was given a {@code --name} */
    LazySession(String applicationName) {
        this.applicationName = applicationName;
    }

    /**
     * As it says.
     *
     * @throws io.ugatit.job.InvalidRequestException if a standalone cluster refuses this application
     * @throws io.ugatit.job.JobFailedException if a standalone cluster does not answer
     */
    @Override
    public SparkSession get() {
        if (session == null) {
            startedHere = SparkSession.getDefaultSession().isEmpty();
            SparkConf conf = new SparkConf().setIfMissing("spark.master", "local[*]");
            if (conf.get(APP_NAME, Ugatit.class.getName()).equals(Ugatit.class.getName())) { // what spark-submit puts for none
                conf.setAppName(applicationName);
            }
            StandaloneMaster.requireSecret(conf);
            session = SparkSession.builder().config(conf).getOrCreate();
            StandaloneMaster.requireRegistered(session.sparkContext());
        }
        return session;
    }

    @Override
    public void close() {
        if (session != null && startedHere) { // none if the cluster has refused it
            session.stop();
        }
    }
}
