package io.ugatit.cluster;

import io.ugatit.job.Options;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.executor.CoarseGrainedExecutorBackend;
import org.apache.spark.sql.SparkSession;

/** What JVMs of tests do, once over, in one: the classes that it loads are archived for them. */
public final class ArchivedWork {
    private static final Class<?>[] MORE = {Master.class, Worker.class, CoarseGrainedExecutorBackend.class};

    private ArchivedWork() { }

    /** @param args a folder for what it leaves */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        for (Class<?> each : MORE) {
            Class.forName(each.getName());
        }
        Configuration hdfs = new Configuration();
        hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
                SparkSession spark = SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false")
                        .config("spark.driver.host", "127.0.0.1").getOrCreate()) {
            String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            String run = cluster.getURI() + "/run";
            SmallTraining.train(spark, Options.parse(TrainOptions.class,
                    SmallTraining.words(data, run, "--steps", "2", "--workers", "2", "--averaging-frequency", "1")));
        }
    }
}
