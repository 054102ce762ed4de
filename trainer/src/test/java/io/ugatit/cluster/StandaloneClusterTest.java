package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.model.UgatitGraph;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on a standalone cluster: a master, two workers and their executors, each a process of its own. */
@Tag("slow")
class StandaloneClusterTest {
    private static final String[] TRAIN = {"--steps", "12", "--workers", "2", "--averaging-frequency", "3", "--checkpoint-every", "2", "--lr",
        "1e-3"};

    @TempDir
    private static Path folder;
    private static String data;
    /** What the same training ends in on this JVM's threads. */
    private static Map<String, String> bits;
    private static JavaProcess master;
    private static final JavaProcess[] workers = new JavaProcess[2];
    private static String address;
    private SparkSession spark;

    @BeforeAll
    static void start() throws Exception {
        Path run = folder.resolve("local");
        try (SparkSession local = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(local, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(local, SmallTraining.options(data, run, TRAIN));
        }
        bits = SmallTraining.bits(run);
        int port = freePort();
        address = "spark://127.0.0.1:" + port;
        master = JavaProcess.start(folder.resolve("master"), List.of(), Master.class, "--host", "127.0.0.1", "--port", "" + port,
                "--webui-port", "0");
        master.await("the master listens", () -> listens(port));
        startWorker(0);
        startWorker(1);
    }

    @AfterAll
    static void stop() {
        for (JavaProcess process : List.of(workers[0], workers[1], master)) {
            process.close();
        }
    }

    @BeforeEach
    void startSession() {
        spark = SmallTraining.session(address, "spark.executor.memory", "1g", "spark.executor.cores", "1",
                "spark.executor.extraClassPath", System.getProperty("java.class.path"),
                "spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector",
                // waits for both executors, so that both have a part in every round
                "spark.scheduler.minRegisteredResourcesRatio", "1.0", "spark.scheduler.maxRegisteredResourcesWaitingTime", "60s",
                "spark.cores.max", "2", "spark.locality.wait", "0");
    }

    @AfterEach
    void stopSession() {
        spark.stop();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static void startWorker(int number) throws Exception {
        workers[number] = JavaProcess.start(folder.resolve("worker-" + number), List.of(), Worker.class, "--host", "127.0.0.1",
                "--webui-port", "0", "--cores", "1", "--memory", "1g", "--work-dir", folder.resolve("work-" + number).toString(), address);
    }

    private static void assertSameBits(Path run) throws Exception {
        assertThat(SmallTraining.bits(run)).isEqualTo(bits);
    }

    @Test
    void executorsOfTheirOwnGiveTheBitsOfLocalThreads() throws Exception {
        Path run = folder.resolve("cluster");
        SmallTraining.train(spark, SmallTraining.options(data, run, TRAIN));
        // the driver is one of them
        assertThat(spark.sparkContext().statusTracker().getExecutorInfos()).hasSize(2 + 1);
        assertSameBits(run);
    }

    @Test
    void anExecutorKilledInTheMiddleOfARoundCostsTimeOnly() throws Exception {
        Path run = folder.resolve("executor-killed");
        Killer killer = new Killer(() -> workers[1].descendants().forEach(ProcessHandle::destroyForcibly));
        spark.sparkContext().addSparkListener(killer.ofSpark());
        new TrainJob(spark, SmallTraining.options(data, run, TRAIN), killer).run();
        assertThat(killer.lost).as("executors lost").isPositive();
        assertSameBits(run);
    }

    @Test
    void aMachineLostInTheMiddleOfARoundLeavesItsWorkToTheOther() throws Exception {
        Path run = folder.resolve("worker-killed");
        Killer killer = new Killer(() -> workers[1].close());
        spark.sparkContext().addSparkListener(killer.ofSpark());
        new TrainJob(spark, SmallTraining.options(data, run, TRAIN), killer).run();
        assertThat(killer.lost).as("executors lost").isPositive();
        assertSameBits(run);
        startWorker(1);
    }

    /** Does harm as soon as a task of the round after step 6 has started. */
    private static final class Killer extends SmallTraining.Silent {
        private final Runnable harm;
        private volatile boolean armed;
        private volatile int lost;

        Killer(Runnable harm) {
            this.harm = harm;
        }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            armed = stepsDone == 6;
        }

        SparkListener ofSpark() {
            return new SparkListener() {
                @Override
                public void onTaskStart(SparkListenerTaskStart start) {
                    if (armed) {
                        armed = false;
                        harm.run();
                    }
                }

                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                    lost++;
                }
            };
        }
    }
}
