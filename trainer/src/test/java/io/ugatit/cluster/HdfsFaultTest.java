package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.Options;
import io.ugatit.model.UgatitGraph;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training whose checkpoints go to an HDFS that is killed. */
@Tag("slow")
class HdfsFaultTest {
    private static final long GONE_SECONDS = 20;
    @TempDir
    private Path folder;
    private JavaProcess hdfs;
    private int starts;

    private void startHdfs(int port) throws Exception {
        Path ready = folder.resolve("ready-" + ++starts);
        hdfs = JavaProcess.start(folder.resolve("hdfs-" + starts + ".log"), List.of(), HdfsProcess.class,
                folder.resolve("hdfs").toString(), "" + port, ready.toString());
        hdfs.await("HDFS starts", () -> Files.exists(ready));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The retry policy is that of conf/spark-defaults.conf. */
    @Test
    void aTrainingOutlivesHdfsBeingGoneWhenACheckpointIsDue() throws Exception {
        int port = freePort();
        String[] steps = {"--steps", "8", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "2", "--lr", "1e-3"};
        try (SparkSession spark = SmallTraining.session("local[2]", "spark.hadoop.dfs.client.retry.policy.enabled", "true",
                "spark.hadoop.dfs.client.retry.policy.spec", "1000,30,5000,60")) {
            startHdfs(port);
            String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            Path local = folder.resolve("undisturbed");
            TrainOptions undisturbed = SmallTraining.options(data, local, steps);
            SmallTraining.train(spark, undisturbed);

            String run = "hdfs://localhost:" + port + "/run";
            TrainOptions options = Options.parse(TrainOptions.class, SmallTraining.words(data, run, steps));
            CompletableFuture<Void> back = new CompletableFuture<>();
            long began = System.nanoTime();
            new TrainJob(spark, options, new SmallTraining.Silent() {
                @Override
                public void round(long stepsDone, double dLoss, double gLoss) {
                    if (stepsDone == 8) {
                        hdfs.close();
                        CompletableFuture.delayedExecutor(GONE_SECONDS, TimeUnit.SECONDS).execute(() -> {
                            try {
                                startHdfs(port);
                                back.complete(null);
                            } catch (Exception | AssertionError e) {
                                back.completeExceptionally(e);
                            }
                        });
                    }
                }
            }).run();
            back.join();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isGreaterThanOrEqualTo(GONE_SECONDS);
            RunDirectory directory = new RunDirectory(spark.sparkContext().hadoopConfiguration(), new org.apache.hadoop.fs.Path(run));
            assertThat(new CheckpointStore(directory).steps()).as("published before and after").containsExactly(4L, 8L);
            assertThat(SmallTraining.state(SmallTraining.trained(directory, options)))
                    .isEqualTo(SmallTraining.state(SmallTraining.trained(local, undisturbed)));
        } finally {
            if (hdfs != null) {
                hdfs.close();
            }
        }
    }
}
