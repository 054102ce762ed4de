package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's scheduling of GPUs with scripts that only claim to have found some: the addresses reach the workers, which compute on the CPU. */
@Tag("slow")
class AssignedGpusTest {
    @TempDir
    private Path folder;

    /** Options of a worker whose machine claims to have a GPU of that number. */
    private List<String> gpu(int number) throws IOException {
        Path script = folder.resolve("discover-" + number);
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + number + "\"]}'\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return List.of("-Dspark.worker.resource.gpu.amount=1", "-Dspark.worker.resource.gpu.discoveryScript=" + script);
    }

    @Test
    void theBuildForCpusSaysWhichGpusItLeavesIdleAndTrains() throws Exception {
        String[] steps = {"--steps", "4", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "1"};
        Path run = folder.resolve("run");
        Path local = folder.resolve("local");
        String data;
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(spark, SmallTraining.options(data, local, steps));
        }
        SmallTraining.Silent told = new SmallTraining.Silent();
        try (StandaloneCluster cluster = new StandaloneCluster(folder, gpu(3), gpu(5));
                SparkSession spark = cluster.session("spark.executor.resource.gpu.amount", "1", "spark.task.resource.gpu.amount", "1")) {
            new TrainJob(spark, SmallTraining.options(data, run, steps), told).run();
        }
        assertThat(told.workers).singleElement().asString().startsWith("workers compute on the CPU (onednn+vector");
        assertThat(told.warnings).singleElement().asString()
                .matches("Spark has assigned GPUs \\((3 of 127.0.0.1, 5|5 of 127.0.0.1, 3) of 127.0.0.1\\), but this is the build for CPUs:"
                        + " use the one made with -Pcuda");
        assertThat(SmallTraining.bits(run)).isEqualTo(SmallTraining.bits(local));
    }
}
