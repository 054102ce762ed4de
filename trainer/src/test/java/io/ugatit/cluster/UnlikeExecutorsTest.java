package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.cli.Ugatit;
import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.model.UgatitGraph;
import io.ugatit.process.JavaProcess;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors, and a driver, that lack the natives or run another build of the program. */
@Tag("slow")
class UnlikeExecutorsTest {
    private static final String NO_NATIVES = "ND4J's native libraries are missing on " + Host.name()
            + " (java.lang.UnsatisfiedLinkError: Could not find jniopenblas_nolapack in class, module, and library paths): use the jar with"
            + " natives, or give those of linux-x86_64 by --jars: nd4j-native, nd4j-native-preset, openblas, javacpp, dnnl and opencl with"
            + " the classifiers that begin with linux-x86_64";
    private static final String[] TRAIN = {"--steps", "4", "--averaging-frequency", "2", "--checkpoint-every", "1"};
    @TempDir
    private static Path folder;
    private static String data;
    private static Path run;

    /** A training of 4 steps that has its checkpoint of step 2. */
    @BeforeAll
    static void trainHalf() throws Exception {
        run = folder.resolve("run");
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            assertThatThrownBy(() -> new TrainJob(spark, options(), new SmallTraining.Silent() {
                @Override
                public void checkpoint(UgatitGraph graph, long stepsDone) {
                    throw new IllegalStateException("stopped by the test");
                }
            }).run()).hasMessage("stopped by the test");
        }
    }

    private static TrainOptions options() {
        return SmallTraining.options(data, run, TRAIN);
    }

    private static SparkSession session(String executorsClassPath) {
        return SmallTraining.session("local-cluster[1,1,1024]", "spark.executor.memory", "512m", "spark.executor.extraClassPath",
                executorsClassPath, "spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector");
    }

    private static void assertTrainingFails(SparkSession spark, String message) {
        assertThatThrownBy(() -> SmallTraining.train(spark, options())).isInstanceOf(JobFailedException.class)
                .hasMessage(message + "; the checkpoint of step 2 is safe");
        assertThat(new CheckpointStore(SmallTraining.directory(run)).latestWhole(line -> {
            throw new AssertionError(line);
        }).orElseThrow().step()).isEqualTo(2);
    }

    /** Words of a command in the session that is there. */
    private static void assertCommandFails(String message, String... words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        int status = Ugatit.run(words, out, new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(message + System.lineSeparator());
        assertThat(status).isEqualTo(1);
    }

    @Test
    void executorsWithoutNativesAreNamedWithTheLastCheckpointAndWhatWouldBeRight() throws Exception {
        try (SparkSession spark = session(ClassPaths.withoutNatives())) {
            assertTrainingFails(spark, NO_NATIVES);
            assertCommandFails(NO_NATIVES, "translate", "--run", run.toString(), "--direction", "a2b", "--input",
                    folder.resolve("images-16-1/trainA").toString(), "--output", folder.resolve("translated").toString());
            assertThat(spark.sparkContext().statusTracker().getExecutorInfos()).as("driver and executor live").hasSize(2);
        }
    }

    @Test
    void executorsThatRunAnotherBuildAreNamedWithBothBuilds() throws Exception {
        Path other = otherBuild();
        String builds = "the executor on " + Host.name() + " runs ugatit-spark not packaged (code %s) from " + other + ", the driver "
                + Program.build()
                + ": give both the same jar, and keep others off spark.executor.extraClassPath and out of Spark's jars folder";
        try (SparkSession spark = session(other + File.pathSeparator + System.getProperty("java.class.path"))) {
            assertThatThrownBy(() -> SmallTraining.train(spark, options())).isInstanceOf(JobFailedException.class)
                    .message().matches(quoted(builds + "; the checkpoint of step 2 is safe"))
                    .doesNotContain("runs ugatit-spark " + Program.build());
        }
    }

    private static String quoted(String message) {
        return "\\Q" + message.replace("%s", "\\E[0-9a-f]{8}\\Q") + "\\E";
    }

    /** A folder of this build's classes, those of the module with {@link Program}, and one more. */
    private static Path otherBuild() throws Exception {
        Path from = Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path other = folder.resolve("other");
        if (Files.isDirectory(from)) {
            copy(from, other);
        } else { // Maven has packaged the module
            try (FileSystem jar = FileSystems.newFileSystem(from)) {
                copy(jar.getPath("/"), other);
            }
        }
        Files.writeString(other.resolve("io/ugatit/More.class"), "");
        return other;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void aDriverWithoutNativesEndsInOneLine() throws Exception {
        Path said = folder.resolve("driver.log");
        String[] words = Stream.concat(Stream.of("train"), Stream.of(SmallTraining.words(data, folder.resolve("none"), TRAIN)))
                .toArray(String[]::new);
        try (JavaProcess driver = JavaProcess.start(said, List.of("-Dspark.master=local[1]", "-Dspark.ui.enabled=false"),
                ClassPaths.withoutNatives(), Ugatit.class, words)) {
            assertThat(driver.await()).isEqualTo(1);
            assertThat(driver.said().lines().filter(line -> !line.startsWith("WARNING: Using incubator modules")))
                    .containsExactly(NO_NATIVES);
        }
        assertThat(folder.resolve("none")).as("nothing was written").doesNotExist();
    }
}
