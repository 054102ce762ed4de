package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.process.JavaProcess;
import io.ugatit.process.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings on a standalone Spark cluster with data and run on HDFS, every part of both a process of its own, and one of them killed or
 * stopped from outside: each ends in the bits of the same training on this JVM's threads and local files.
 */
@Tag("slow")
class FaultsTest {
    private static final String[] TRAIN = {"--steps", "15", "--workers", "2", "--averaging-frequency", "3", "--checkpoint-every", "2", "--lr",
        "1e-3", "--ema", "0.9"};
    /** A checkpoint large enough to be caught while it is written. */
    private static final String[] LARGE = {"--steps", "2", "--workers", "2", "--averaging-frequency", "1", "--checkpoint-every", "1", "--lr",
        "1e-3"};
    private static final long GONE_SECONDS = 20;
    private static final long STOPPED_SECONDS = 5;

    @TempDir
    private static Path folder;
    private static String data;
    /** What the training ends in without a fault. */
    private static Map<String, String> bits;
    private static Map<String, String> largeBits;
    private static StandaloneCluster spark;
    private static HdfsCluster hdfs;

    @BeforeAll
    static void start() throws Exception {
        Path run = folder.resolve("undisturbed");
        Path large = folder.resolve("large-undisturbed");
        String localData;
        try (SparkSession local = SmallTraining.session("local[2]")) {
            localData = SmallTraining.dataset(local, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(local, SmallTraining.options(localData, run, TRAIN));
            SmallTraining.train(local, large(localData, large.toString()));
        }
        bits = SmallTraining.bits(run);
        largeBits = SmallTraining.bits(large);
        hdfs = new HdfsCluster(Files.createDirectory(folder.resolve("hdfs")));
        data = hdfs.address() + "/dataset";
        hdfs.fileSystem().copyFromLocalFile(new org.apache.hadoop.fs.Path(localData), new org.apache.hadoop.fs.Path(data));
        spark = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), 2);
    }

    @AfterAll
    static void stop() {
        spark.close();
        hdfs.close();
    }

    private static SparkSession session() {
        List<String> hadoop = new ArrayList<>();
        HdfsCluster.clientSettings().forEach((name, value) -> hadoop.addAll(List.of("spark.hadoop." + name, value)));
        return spark.session(hadoop.toArray(String[]::new));
    }

    private static RunDirectory run(String name) {
        return new RunDirectory(HdfsCluster.clientConfiguration(), new org.apache.hadoop.fs.Path(hdfs.address() + "/" + name));
    }

    private static TrainOptions options(RunDirectory run, String... more) {
        return Options.parse(TrainOptions.class, SmallTraining.words(data, run.path().toString(),
                Stream.concat(Stream.of(TRAIN), Stream.of(more)).toArray(String[]::new)));
    }

    private static void train(SparkSession session, RunDirectory run, Disturber disturber, String... more) {
        session.sparkContext().addSparkListener(disturber.ofSpark());
        new TrainJob(session, options(run, more), disturber).run();
        assertThat(disturber.failure()).isNull();
    }

    private static void assertSameBits(RunDirectory run) throws Exception {
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
        assertThat(temporaries(run)).isEmpty();
    }

    private static List<String> temporaries(RunDirectory run) throws IOException {
        return Stream.of(hdfs.fileSystem().listStatus(run.checkpoints())).map(status -> status.getPath().getName())
                .filter(name -> name.startsWith(".tmp-")).toList();
    }

    @Test
    void stoppingSparkEndsTheTrainingWithTheLastCheckpointNamed() throws Exception {
        RunDirectory run = run("spark-stopped");
        try (SparkSession session = session()) {
            // a listener of Spark's may not stop it, nor may a thread that knows it comes from one
            Thread stop = new Thread(null, session::stop, "stop", 0, false);
            Disturber stopper = new Disturber(Disturber.Moment.STEPS, stop::start);
            assertThatThrownBy(() -> train(session, run, stopper)).isInstanceOf(JobFailedException.class)
                    .message().startsWith("round after step ").contains("SparkContext was shut down")
                    .endsWith("; the checkpoint of step 6 is safe");
            stop.join();
        }
    }

    @Test
    void executorsThatNoMachineHasRoomForAreTold() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (SparkSession session = spark.session("spark.executor.memory", "64g", "spark.scheduler.minRegisteredResourcesRatio", "0");
                ExecutorWatch watch = new ExecutorWatch(session.sparkContext(), 1, Duration.ofSeconds(2),
                        () -> new LastCheckpoint(Optional.of(7L)), lines::add)) {
            assertThat(lines.poll(Waiting.HANG.toMinutes(), TimeUnit.MINUTES)).isEqualTo("no executor for 2 s, training waits: each needs 64g"
                    + " of memory, 1 cores, which no machine of " + spark.address() + " may have, or other applications hold them; the"
                    + " checkpoint of step 7 is safe");
            watch.look();
            assertThat(lines.poll()).as("told once").isNull();
            watch.countSlots();
            assertThat(lines.poll()).isEqualTo("--workers is 1, but there are 0 slots: in every round some workers wait for others; the result is"
                    + " the same");
        }
    }

    private static TrainOptions large(String data, String run) {
        return Options.parse(TrainOptions.class, Stream.of(List.of("--data", data, "--run", run, "--size", "16", "--ch", "32",
                "--res-blocks", "1", "--global-layers", "4", "--local-layers", "3"), List.of(LARGE)).flatMap(List::stream).toArray(String[]::new));
    }

    /** Waits until the moments, the last large file, are being written. Returns whether the checkpoint was published when the node was dead. */
    private static boolean killDataNodeDuringTheCheckpointOf(RunDirectory run, long step) {
        try {
            FileSystem fileSystem = hdfs.fileSystem();
            Waiting.until("the moments of step " + step + " are being written", () -> writesMoments(fileSystem, run, step));
            hdfs.killDataNode(1);
            return fileSystem.exists(run.checkpoint(step));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Also if it has just been written: then the node is killed too late, and the test tries again. */
    private static boolean writesMoments(FileSystem fileSystem, RunDirectory run, long step) {
        try {
            FileStatus[] temporaries = fileSystem.globStatus(new org.apache.hadoop.fs.Path(run.checkpoints(), ".tmp-*/*moments.safetensors*"));
            boolean began = temporaries != null && temporaries.length > 0 && fileSystem.exists(run.checkpoint(step - 1));
            return began || fileSystem.exists(run.checkpoint(step));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Trainings one after the other in one application, whose executors Spark starts again when they are killed. */
    @Nested
    class InOneApplication {
        private static SparkSession session;

        @BeforeAll
        static void begin() {
            session = session();
        }

        @AfterAll
        static void end() {
            session.stop();
        }

        @BeforeEach
        void allExecutorsAreThere() {
            Waiting.until("both executors are there", () -> spark.executors(1).size() == 1
                    && session.sparkContext().statusTracker().getExecutorInfos().length == 1 + 2);
        }

        @Test
        void withoutAFaultExecutorsGiveTheBitsOfLocalThreads() throws Exception {
            RunDirectory run = run("no-fault");
            new TrainJob(session, options(run), new SmallTraining.Silent()).run();
            assertThat(session.sparkContext().statusTracker().getExecutorInfos()).as("driver and executors").hasSize(1 + 2);
            assertSameBits(run);
        }

        @Test
        void anExecutorKilledInTheMiddleOfARoundCostsTimeOnly() throws Exception {
            RunDirectory run = run("executor-killed");
            Disturber killer = new Disturber(Disturber.Moment.STEPS, () -> spark.executors(1).forEach(ProcessHandle::destroyForcibly));
            train(session, run, killer);
            Waiting.until("the loss of the executor is told", () -> killer.executorsLost() > 0);
            assertSameBits(run);
        }

        @Test
        void anExecutorKilledWhileStatesAreAveragedCostsTimeOnly() throws Exception {
            RunDirectory run = run("executor-killed-averaging");
            Disturber killer = new Disturber(Disturber.Moment.AVERAGING, () -> spark.executors(1).forEach(ProcessHandle::destroyForcibly));
            train(session, run, killer, "--chunk-bytes", "4096"); // so that most are not averaged yet
            Waiting.until("the loss of the executor is told", () -> killer.executorsLost() > 0);
            assertSameBits(run);
        }

        @Test
        void aMachineLostInTheMiddleOfARoundLeavesItsWorkToTheOther() throws Exception {
            RunDirectory run = run("worker-killed");
            Disturber killer = new Disturber(Disturber.Moment.STEPS, () -> spark.killWorker(1));
            try {
                train(session, run, killer);
            } finally {
                spark.startWorker(1);
            }
            Waiting.until("the loss of the executor is told", () -> killer.executorsLost() > 0);
            assertSameBits(run);
        }

        @Test
        void aWorkerThatStandsStillForSecondsChangesNothing() throws Exception {
            RunDirectory run = run("slow-worker");
            CompletableFuture<Void> goesOn = new CompletableFuture<>();
            Disturber stopper = new Disturber(Disturber.Moment.STEPS, () -> {
                List<ProcessHandle> executors = spark.executors(1);
                assertThat(executors).hasSize(1);
                assertThat(JavaProcess.signal("STOP", executors.get(0))).isTrue();
                CompletableFuture.delayedExecutor(STOPPED_SECONDS, TimeUnit.SECONDS).execute(() -> {
                    goesOn.complete(null);
                    JavaProcess.signal("CONT", executors.get(0));
                });
            });
            long began = System.nanoTime();
            train(session, run, stopper);
            assertThat(goesOn).as("the executor went on before the training ended").isCompleted();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isGreaterThanOrEqualTo(STOPPED_SECONDS);
            assertThat(stopper.executorsLost()).as("executors lost").isZero();
            assertSameBits(run);
        }

        @Test
        void theNameNodeGoneWhenACheckpointIsDueIsWaitedFor() throws Exception {
            RunDirectory run = run("namenode-gone");
            CompletableFuture<Void> back = new CompletableFuture<>();
            long began = System.nanoTime();
            new TrainJob(session, options(run), new SmallTraining.Silent() {
                @Override
                public void round(long stepsDone, double dLoss, double gLoss) {
                    if (stepsDone == 12) {
                        hdfs.killNameNode();
                        CompletableFuture.delayedExecutor(GONE_SECONDS, TimeUnit.SECONDS).execute(() -> {
                            try {
                                hdfs.startNameNode();
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
            assertThat(new CheckpointStore(run).steps()).as("published before and after").containsExactly(6L, 12L, 15L);
            assertSameBits(run);
            hdfs.awaitDataNodes();
        }

        @Test
        void aDataNodeKilledWhileACheckpointIsWrittenLosesNothing() throws Exception {
            boolean tooLate = true;
            for (int attempt = 0; tooLate; attempt++) {
                RunDirectory run = run("datanode-killed-" + attempt);
                CompletableFuture<Boolean> publishedWhenKilled = CompletableFuture.supplyAsync(() -> killDataNodeDuringTheCheckpointOf(run, 2));
                try {
                    new TrainJob(session, large(data, run.path().toString()), new SmallTraining.Silent()).run();
                    tooLate = publishedWhenKilled.join();
                    assertThat(SmallTraining.bits(run)).isEqualTo(largeBits);
                    assertThat(temporaries(run)).isEmpty();
                } finally {
                    hdfs.startDataNode(1);
                    hdfs.awaitDataNodes();
                }
            }
        }
    }
}
