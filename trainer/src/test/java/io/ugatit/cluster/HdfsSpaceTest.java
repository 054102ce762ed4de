package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.model.UgatitGraph;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.prep.PrepResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run, and a data set, on an HDFS that has no space left for it. */
@Tag("slow")
class HdfsSpaceTest {
    private static final String[] TRAIN = {"--steps", "8", "--averaging-frequency", "2", "--checkpoint-every", "2"};
    /** HDFS reserves a whole one for a file that is being written. */
    private static final int BLOCK = 1 << 20;
    @TempDir
    private static java.nio.file.Path folder;
    private static MiniDFSCluster cluster;
    private static DistributedFileSystem hdfs;
    private static SparkSession spark;
    private static String data;

    @BeforeAll
    static void start() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
        configuration.setInt("dfs.blocksize", BLOCK);
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        hdfs = cluster.getFileSystem();
        spark = SmallTraining.session("local[1]");
        data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
    }

    @AfterAll
    static void stop() {
        spark.stop();
        cluster.shutdown(true);
    }

    @Test
    void aCheckpointThatFindsNoSpaceEndsTheTrainingWithTheLastOneWholeAndTheSameCommandGoesOn() throws Exception {
        java.nio.file.Path undisturbed = folder.resolve("undisturbed");
        TrainOptions local = SmallTraining.options(data, undisturbed, TRAIN);
        SmallTraining.train(spark, local);
        long parameters = java.nio.file.Files.size(undisturbed.resolve("checkpoints/step-00000008/parameters.safetensors"));

        Path run = hdfs.makeQualified(new Path("/run"));
        TrainOptions options = Options.parse(TrainOptions.class, SmallTraining.words(data, run.toString(), TRAIN));
        RunDirectory directory = new RunDirectory(spark.sparkContext().hadoopConfiguration(), run);
        List<String> before = new ArrayList<>();
        assertThatThrownBy(() -> new TrainJob(spark, options, new SmallTraining.Silent() {
            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                try {
                    before.addAll(files(run));
                    before.removeIf(file -> file.startsWith(".ugatit-lock/"));
                    // the next checkpoint's parameters fit, its moments do not
                    limit(run, BLOCK + parameters / 2);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }).run()).isInstanceOf(JobFailedException.class).message().doesNotContain("\n")
                .startsWith("Cannot publish the checkpoint " + directory.checkpoint(8) + ": The DiskSpace quota of /run is exceeded: quota = ")
                .endsWith("; the checkpoint of step 4 is safe");
        assertThat(files(run)).as("of the new checkpoint nothing is left; what the next start drops comes before").containsAll(before)
                .filteredOn(file -> !before.contains(file)).allMatch(file -> file.matches("(metrics/steps|rounds/rounds)-.*|tensorboard/.*"));
        assertThat(lastWhole(directory)).contains(4L);

        limit(run, 0);
        assertThatThrownBy(() -> SmallTraining.train(spark, options)).isInstanceOf(JobFailedException.class).message().doesNotContain("\n")
                .startsWith("Cannot publish " + directory.config() + ": The DiskSpace quota of /run is exceeded: quota = ")
                .endsWith("; the checkpoint of step 4 is safe");
        assertThat(lastWhole(directory)).contains(4L);

        hdfs.setQuota(run, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
        assertThat(SmallTraining.train(spark, options).stepsNow()).isEqualTo(4);
        assertThat(SmallTraining.state(SmallTraining.trained(directory, options)))
                .isEqualTo(SmallTraining.state(SmallTraining.trained(undisturbed, local)));
    }

    @Test
    void aDataSetThatFindsNoSpaceEndsThePrepInOneLineAndLeavesNothing() throws Exception {
        Path parent = hdfs.makeQualified(new Path("/prepared"));
        hdfs.mkdirs(parent);
        PrepOptions options = new PrepOptions(folder.resolve("images-16-1").toString(), parent + "/dataset", 16, 20, null, 0);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (long space : new long[] {0, BLOCK}) {
            limit(parent, space);
            assertThatThrownBy(() -> new PrepJob(spark, options, nowhere).run()).isInstanceOf(JobFailedException.class)
                    .message().doesNotContain("\n").contains("The DiskSpace quota of /prepared is exceeded: quota = ")
                    .endsWith("; nothing was published");
            assertThat(files(parent)).isEmpty();
        }
        hdfs.setQuota(parent, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
        assertThat(new PrepJob(spark, options, nowhere).run().trainA()).isEqualTo(5);
    }

    @Test
    void aDataSetGrowsThereAsOnALocalDisk() throws Exception {
        String local = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 2);
        Path grown = hdfs.makeQualified(new Path("/grown"));
        PrepOptions options = new PrepOptions(folder.resolve("images-16-2").toString(), grown.toString(), 16, 20, null, 0);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new PrepJob(spark, options, nowhere).run();
        SmallTraining.grow(spark, folder, SmallTraining.SIZE, 2);

        PrepResult second = new PrepJob(spark, options, nowhere).run();

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.added()).isEqualTo(3);
        DatasetManifest there = ImageDataset.open(grown.toString(), hdfs.getConf()).manifest();
        assertThat(there).isEqualTo(ImageDataset.open(local, hdfs.getConf()).manifest());
        assertThat(ImageDataset.open(grown.toString(), 1, hdfs.getConf()).manifest().version()).isEqualTo(1);
        assertThat(new PrepJob(spark, options, nowhere).run().version()).isEqualTo(2);
    }

    /** @param bytes that may be added to what is there */
    private static void limit(Path run, long bytes) throws IOException {
        hdfs.setQuota(run, HdfsConstants.QUOTA_DONT_SET, hdfs.getContentSummary(run).getSpaceConsumed() + bytes);
    }

    private static Optional<Long> lastWhole(RunDirectory run) {
        return new CheckpointStore(run).latestWhole(line -> {
            throw new AssertionError(line);
        }).map(Checkpoint::step);
    }

    private static List<String> files(Path run) throws IOException {
        List<String> files = new ArrayList<>();
        for (RemoteIterator<LocatedFileStatus> each = hdfs.listFiles(run, true); each.hasNext();) {
            files.add(run.toUri().relativize(each.next().getPath().toUri()).toString());
        }
        return files;
    }
}
