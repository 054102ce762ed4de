package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.Options;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSNNTopology;
import org.apache.hadoop.hdfs.server.namenode.ha.HATestUtil;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on an HDFS of two name nodes, whose active one is lost in their midst and whose other one takes over after some seconds. */
@Tag("slow")
class NameNodeFailoverTest {
    private static final String[] TRAIN = {"--steps", "8", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "1", "--lr",
        "1e-3"};
    private static final String SERVICE = "hdfs://pair";
    private static final long WITHOUT_SECONDS = 3;

    @TempDir
    private static Path folder;
    private static MiniDFSCluster hdfs;
    private static Configuration configuration;
    private static SparkSession spark;
    private static String data;

    @BeforeAll
    static void start() throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        hdfs = new MiniDFSCluster.Builder(cluster).nnTopology(MiniDFSNNTopology.simpleHATopology()).numDataNodes(1).build();
        hdfs.waitActive();
        hdfs.transitionToActive(0);
        Configuration nothing = new Configuration(false);
        HATestUtil.setFailoverConfigurations(hdfs, nothing, "pair");
        nothing.unset("fs.defaultFS");
        List<String> settings = new ArrayList<>(List.of("spark.hadoop.dfs.client.failover.max.attempts", "100"));
        nothing.forEach(setting -> settings.addAll(List.of("spark.hadoop." + setting.getKey(), setting.getValue())));
        spark = SmallTraining.session("local[2]", settings.toArray(String[]::new));
        configuration = spark.sparkContext().hadoopConfiguration();
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
        hdfs.shutdown(true);
    }

    /**
     * Ends the active name node; the end of the result is that of the failover. It stands by first: one that ends within this JVM while it is
     * active answers with failed assertions, where a process would not answer at all.
     */
    private static CompletableFuture<Void> failOver() {
        int active = hdfs.getNameNode(0) != null && hdfs.getNameNode(0).isActiveState() ? 0 : 1;
        try {
            hdfs.transitionToStandby(active);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hdfs.shutdownNameNode(active);
        return CompletableFuture.runAsync(() -> {
            try {
                hdfs.transitionToActive(1 - active);
                hdfs.restartNameNode(active, false);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, CompletableFuture.delayedExecutor(WITHOUT_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aTrainingGoesOnWithTheOtherNameNodeToTheSameBits() throws Exception {
        Path local = folder.resolve("undisturbed");
        SmallTraining.train(spark, SmallTraining.options(data, local, TRAIN));
        FileSystem fileSystem = new org.apache.hadoop.fs.Path(SERVICE).getFileSystem(configuration);
        fileSystem.copyFromLocalFile(new org.apache.hadoop.fs.Path(data), new org.apache.hadoop.fs.Path(SERVICE + "/dataset"));
        String run = SERVICE + "/run";
        AtomicReference<CompletableFuture<Void>> failover = new AtomicReference<>();
        new TrainJob(spark, Options.parse(TrainOptions.class, SmallTraining.words(SERVICE + "/dataset", run, TRAIN)),
                new SmallTraining.Silent() {
                    @Override
                    public void round(long stepsDone, double dLoss, double gLoss) {
                        if (stepsDone == 4) {
                            failover.set(failOver());
                        }
                    }
                }).run();
        failover.get().join();
        RunDirectory remote = new RunDirectory(configuration, new org.apache.hadoop.fs.Path(run));
        assertThat(SmallTraining.bits(remote)).isEqualTo(SmallTraining.bits(local));
    }

    @Test
    void aPreparationGoesOnWithTheOtherNameNodeToTheSameBytes() throws Exception {
        FileSystem fileSystem = new org.apache.hadoop.fs.Path(SERVICE).getFileSystem(configuration);
        org.apache.hadoop.fs.Path images = new org.apache.hadoop.fs.Path(SERVICE + "/images");
        fileSystem.copyFromLocalFile(new org.apache.hadoop.fs.Path(folder.resolve("images-16-1").toUri()), images);
        AtomicReference<CompletableFuture<Void>> failover = new AtomicReference<>();
        SparkListener harm = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (failover.get() == null) {
                    failover.set(failOver());
                }
            }
        };
        spark.sparkContext().addSparkListener(harm);
        new PrepJob(spark, new PrepOptions(images.toString(), SERVICE + "/prepared", SmallTraining.SIZE, SmallTraining.SIZE + 4, null, 0),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)).run();
        spark.sparkContext().removeSparkListener(harm);
        failover.get().join();
        Path fetched = folder.resolve("fetched");
        fileSystem.copyToLocalFile(false, new org.apache.hadoop.fs.Path(SERVICE + "/prepared"),
                new org.apache.hadoop.fs.Path(fetched.toUri()), true);
        assertThat(visible(fetched)).hasSizeGreaterThan(4).isEqualTo(visible(folder.resolve("dataset-16-1")));
    }

    /** Without the checksums that Hadoop keeps beside local files, and without the list of the images' files, which has their times. */
    private static List<String> visible(Path dataset) throws Exception {
        return SmallTraining.tree(dataset).stream().filter(line -> !line.contains(".crc ") && !line.contains("files.jsonl.gz ")).toList();
    }
}
