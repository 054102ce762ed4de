package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.rounds.WorkerSlot;
import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's scheduling of GPUs with scripts that only claim to have found some: the addresses reach the workers. */
@Tag("slow")
class AssignedGpusTest {
    @TempDir
    private Path folder;

    /**
     * Settings of a cluster on a machine that claims to have two GPUs.
     *
     * @param ofExecutor cores and GPUs of an executor
     * @param options of the executors' JVMs
     */
    private String[] gpus(int ofExecutor, String options) throws IOException {
        Path script = folder.resolve("discover");
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"3\", \"5\"]}'\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return new String[] {"spark.worker.resource.gpu.amount", "2", "spark.worker.resource.gpu.discoveryScript", script.toString(),
            "spark.executor.resource.gpu.amount", String.valueOf(ofExecutor), "spark.task.resource.gpu.amount", "1",
            "spark.executor.cores", String.valueOf(ofExecutor), "spark.executorEnv.UGATIT_CUDA_DEVICES", "6",
            "spark.executor.memory", "512m", "spark.executor.extraClassPath", JavaProcess.classPath(),
            "spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector " + options, "spark.scheduler.minRegisteredResourcesRatio", "1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime", "30m", "spark.locality.wait", "0"};
    }

    /** Options of executors whose GPUs are stand-ins. */
    private static String standIn() {
        return "-D" + StandInDriver.PROPERTY + "=" + StandInDriver.path() + " -D" + Cudnn.PROPERTY + "=" + Cudnn.NONE;
    }

    /** Trains in this JVM, for the bits to come to. Returns the data set. */
    private String trainOnAStandInHere(Path run, String... steps) throws IOException {
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            StandInDriver.use();
            SmallTraining.train(spark, SmallTraining.options(data, run, steps));
            return data;
        } finally {
            StandInDriver.leave();
        }
    }

    @Test
    void withoutADriverTheWorkersSayWhichGpusTheyLeaveIdleAndTrain() throws Exception {
        String[] steps = {"--steps", "4", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "1"};
        Path run = folder.resolve("run");
        Path local = folder.resolve("local");
        String data;
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(spark, SmallTraining.options(data, local, steps));
        }
        SmallTraining.Silent told = new SmallTraining.Silent();
        try (SparkSession spark = SmallTraining.session("local-cluster[1,2,1024]", gpus(1, ""))) {
            new TrainJob(spark, SmallTraining.options(data, run, steps), told).run();
        }
        assertThat(told.workers).singleElement().asString().startsWith("workers compute on the CPU (onednn+vector");
        assertThat(told.warnings).singleElement().asString()
                .matches("Spark has assigned GPUs \\((3 of (\\S+), 5 of \\2|5 of (\\S+), 3 of \\3)\\), but the workers compute on the CPU:"
                        + " their log says why, or --kernels does");
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(local));
    }

    @Test
    void aWorkerComputesOnTheGpuOfItsTaskAlsoWhereAnExecutorHasSeveral() throws Exception {
        String[] steps = {"--steps", "4", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "1"};
        Path run = folder.resolve("run");
        Path local = folder.resolve("local");
        String data = trainOnAStandInHere(local, steps);
        SmallTraining.Silent told = new SmallTraining.Silent();
        try (SparkSession spark = SmallTraining.session("local-cluster[1,2,1024]", gpus(2, standIn()))) {
            new TrainJob(spark, SmallTraining.options(data, run, steps), told).run();
            assertThat(JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(0, 1), 2).map(task -> WorkerSlot.waiting())
                    .collect()).as("what the training has left on the executor").containsOnly(0);
        }
        assertThat(told.workers).singleElement().asString()
                .contains("GPU 3 (CPU in the place of a GPU) of ", "GPU 5 (CPU in the place of a GPU) of ");
        assertThat(told.warnings).isEmpty();
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(local));
    }

    @Test
    void aWorkerWhoseGpuIsLostGoesOnInAnotherProcess() throws Exception {
        String[] steps = {"--steps", "6", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "1"};
        Path local = folder.resolve("local");
        String data = trainOnAStandInHere(local, steps);
        Path once = Files.createFile(folder.resolve("once"));
        List<String> settings = new ArrayList<>(List.of(gpus(1, standIn())));
        settings.addAll(List.of("spark.worker.resource.gpu.amount", "1", "spark.executorEnv.UGATIT_CUDA_FAIL_AT", "1000",
                "spark.executorEnv.UGATIT_CUDA_FAIL_ONCE", once.toString()));
        Path run = folder.resolve("run");
        List<String> reasons = new CopyOnWriteArrayList<>();
        try (SparkSession spark = SmallTraining.session("local-cluster[2,1,1024]", settings.toArray(String[]::new))) {
            spark.sparkContext().addSparkListener(new SparkListener() {
                @Override
                public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                    reasons.add(removed.reason());
                }
            });
            new TrainJob(spark, SmallTraining.options(data, run, steps), new SmallTraining.Silent()).run();
        }
        assertThat(once).as("a GPU was lost").doesNotExist();
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(local));
        assertThat(reasons).first().asString().matches("GPU [35] \\(CPU in the place of a GPU\\) on .+ has failed at .+ or before it"
                + " \\(CUDA_ERROR_UNKNOWN.*this process cannot use it any more and must be started again.*");
    }
}
