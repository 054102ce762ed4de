package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.process.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that leave in good order, told to go by their machine (decommissioning) or by the driver (dynamic allocation): same bits. */
@Tag("slow")
class LeavingExecutorsTest {
    private static final String[] TRAIN = {"--steps", "15", "--workers", "2", "--averaging-frequency", "3", "--checkpoint-every", "2", "--lr",
        "1e-3"};

    @TempDir
    private static Path folder;
    private static String data;
    private static Map<String, String> bits;
    private static StandaloneCluster cluster;
    private static volatile ProcessHandle leaving;

    @BeforeAll
    static void start() throws Exception {
        Path run = folder.resolve("local");
        try (SparkSession local = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(local, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(local, SmallTraining.options(data, run, TRAIN));
        }
        bits = SmallTraining.bits(run);
        cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")), 2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** What Spark has its executors told when a machine is about to go: they pass on what they hold, and end. */
    private static void decommission() {
        List<ProcessHandle> executors = cluster.executors(1);
        assertThat(executors).hasSize(1);
        leaving = executors.get(0);
        try {
            assertThat(new ProcessBuilder("kill", "-PWR", "" + leaving.pid()).inheritIO().start().waitFor()).isZero();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anExecutorDecommissionedInARoundCostsTimeOnly() throws Exception {
        try (SparkSession session = cluster.session("spark.decommission.enabled", "true", "spark.storage.decommission.enabled", "true",
                "spark.storage.decommission.shuffleBlocks.enabled", "true", "spark.storage.decommission.rddBlocks.enabled", "true")) {
            for (Disturber.Moment moment : Disturber.Moment.values()) {
                Waiting.until("both executors are there", () -> cluster.executors(1).size() == 1
                        && session.sparkContext().statusTracker().getExecutorInfos().length == 1 + 2);
                Path run = folder.resolve("decommissioned-" + moment);
                Disturber disturber = new Disturber(moment, LeavingExecutorsTest::decommission);
                session.sparkContext().addSparkListener(disturber.ofSpark());
                new TrainJob(session, SmallTraining.options(data, run, TRAIN), disturber).run();
                assertThat(disturber.failure()).isNull();
                Waiting.until("the executor is gone", () -> disturber.executorsLost() > 0 && !leaving.isAlive());
                assertThat(SmallTraining.bits(run)).isEqualTo(bits);
            }
        }
    }

    @Test
    void executorsThatComeAndGoByDynamicAllocationGiveTheSameBits() throws Exception {
        Path run = folder.resolve("dynamic");
        AtomicInteger gone = new AtomicInteger();
        try (SparkSession session = cluster.session("spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true", "spark.dynamicAllocation.maxExecutors", "2",
                "spark.dynamicAllocation.executorIdleTimeout", "4s", "spark.scheduler.minRegisteredResourcesRatio", "0")) {
            session.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                    gone.incrementAndGet();
                }
            });
            new TrainJob(session, SmallTraining.options(data, run, TRAIN), new SmallTraining.Silent() {
                @Override
                public void round(long stepsDone, double dLoss, double gLoss) {
                    if (stepsDone == 6) { // as if a long checkpoint left them idle
                        int before = gone.get();
                        Waiting.until("all executors are given back", () -> gone.get() > before
                                && session.sparkContext().statusTracker().getExecutorInfos().length == 1);
                    }
                }
            }).run();
        }
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }
}
