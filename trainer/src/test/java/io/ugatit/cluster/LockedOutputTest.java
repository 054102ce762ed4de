package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cli.Ugatit;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.evaluate.EvaluateOptions;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.job.Host;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.UgatitGraph;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.report.ReportJob;
import io.ugatit.report.ReportOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every job that writes, with another one at its output. */
@Tag("slow")
class LockedOutputTest {
    @TempDir
    private static Path shared;
    private static SparkSession spark;
    private static String data;
    private static Path trained;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() throws Exception {
        spark = SmallTraining.session("local[2]");
        TinyImages.write(shared.resolve("images"), 3, 1);
        data = shared.resolve("dataset").toString();
        PrepOptions options = Options.parse(PrepOptions.class, "--input", shared.resolve("images").toString(), "--output", data, "--size",
                "16");
        new PrepJob(spark, options, new PrintStream(new ByteArrayOutputStream())).run();
        trained = shared.resolve("run");
        SmallTraining.train(spark, SmallTraining.options(data, trained, "--steps", "1"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** @return what stderr says; the status must be 2 and nothing new be there */
    private String refused(String... args) throws IOException {
        List<String> before = SmallTraining.tree(folder);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Ugatit.run(args, new PrintStream(new ByteArrayOutputStream()), new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(2);
        assertThat(SmallTraining.tree(folder)).isEqualTo(before);
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toString());
    }

    private static OutputLock beside(Path output) {
        return OutputLock.beside(new Configuration(), hadoop(output), "first", "-", System.out::println);
    }

    private static OutputLock inside(Path output) {
        return OutputLock.inside(new Configuration(), hadoop(output), "first", "-", System.out::println);
    }

    private static String line(String option, Path output) {
        return option + " is file:" + output + ": the first job that process " + ProcessHandle.current().pid() + " on host " + Host.name()
                + " \\(application " + spark.sparkContext().applicationId() + ", user " + System.getProperty("user.name")
                + "\\) began at \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC is writing it; wait for it or choose another " + option;
    }

    @Test
    void prepIsRefusedAndLeavesAloneWhatTheFirstIsWriting() throws IOException {
        Path output = folder.resolve("dataset");
        Files.createDirectories(folder.resolve(".tmp-dataset-0123456789abcdef/attempts"));
        try (OutputLock first = beside(output)) {
            assertThat(refused("prep", "--input", shared.resolve("images").toString(), "--output", output.toString(), "--size", "16"))
                    .matches(line("--output", output));
            first.requireHeld();
        }
        assertThat(folder.resolve(".tmp-dataset-0123456789abcdef/attempts")).exists();
    }

    @Test
    void trainTranslateAndImportAreRefused() throws IOException {
        Path output = folder.resolve("output");
        String parameters = trained.resolve("checkpoints/step-00000001/parameters.safetensors").toString();
        try (OutputLock first = inside(output)) {
            assertThat(refused("train", "--data", data, "--run", output.toString())).matches(line("--run", output));
            assertThat(refused("translate", "--run", trained.toString(), "--direction", "a2b", "--input",
                    shared.resolve("images/trainA").toString(), "--output", output.toString())).matches(line("--output", output));
            assertThat(refused("import", "--weights", parameters, "--run", output.toString(), "--size", "16"))
                    .matches(line("--run", output));
            assertThat(refused("demo", "--output", output.toString())).matches(line("--output", output));
            first.requireHeld();
        }
        assertThat(output).doesNotExist();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(Ugatit.run(new String[] {"import", "--weights", parameters, "--run", output.toString(), "--size", "16"},
                new PrintStream(new ByteArrayOutputStream()), new PrintStream(err, true))).isZero();
        assertThat(err.size()).isZero();
        try (Stream<Path> files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("LATEST", "checkpoints", "config.json");
        }
    }

    @Test
    void retrainIsRefused() throws IOException {
        Path workspace = folder.resolve("workspace");
        Path conf = Files.writeString(folder.resolve("conf.json"), "{\"input\": \"" + shared.resolve("images") + "\", \"workspace\": \""
                + workspace + "\", \"size\": 16}");
        try (OutputLock first = inside(workspace)) {
            assertThat(refused("retrain", "--conf", conf.toString())).matches(line("workspace", workspace));
            first.requireHeld();
        }
        assertThat(workspace).doesNotExist();
    }

    @Test
    void aTrainingRefusesASecondOneAndLetsReportsAndEvaluationsBe() throws IOException {
        Path run = folder.resolve("run");
        List<String> refusals = new ArrayList<>();
        TrainOptions options = SmallTraining.options(data, run, "--steps", "2", "--averaging-frequency", "1", "--checkpoint-every", "1");
        new TrainJob(spark, options, new Silent() {
            @Override
            public void round(long stepsDone, double dLoss, double gLoss) {
                try {
                    SmallTraining.train(spark, options);
                } catch (InvalidRequestException e) {
                    refusals.add(e.getMessage());
                }
            }

            @Override
            public void checkpoint(UgatitGraph graph, long stepsDone) {
                new ReportJob(new Configuration(), ReportOptions.of(run.toString())).run();
                EvaluateOptions judged = Options.parse(EvaluateOptions.class, "--run", run.toString(), "--data", data, "--extractor",
                        "thumbnail");
                new EvaluateJob(spark, judged, new PrintStream(new ByteArrayOutputStream())).run();
            }
        }).run();
        assertThat(refusals).hasSize(2).allMatch(line -> line.contains(": the train job that process ")
                && line.contains(" is writing it; "));
        assertThat(run.resolve("report.html")).isNotEmptyFile();
        assertThat(run.resolve("evaluation/step-00000002-thumbnail.json")).isNotEmptyFile();
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain(".ugatit-lock").contains("LATEST");
        }
    }

    @Test
    void aTrainingThatHasLostItsLockPublishesNothingMore() throws IOException {
        Path run = folder.resolve("run");
        TrainOptions options = SmallTraining.options(data, run, "--steps", "3", "--averaging-frequency", "1", "--checkpoint-every", "1");
        assertThatThrownBy(() -> new TrainJob(spark, options, new Silent() {
            @Override
            public void round(long stepsDone, double dLoss, double gLoss) {
                if (stepsDone == 2) {
                    delete(run.resolve(".ugatit-lock"));
                }
            }
        }).run()).isInstanceOf(JobFailedException.class).hasMessageStartingWith("--run is file:" + run + ": this job has lost its lock, ")
                .hasMessageEndingWith("; nothing more was published; the checkpoint of step 1 is safe");
        assertThat(run.resolve("LATEST")).hasContent("step-00000001\n");
        try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
            assertThat(checkpoints).containsExactly(run.resolve("checkpoints/step-00000001"));
        }
    }

    private static void delete(Path lock) {
        try (Stream<Path> files = Files.list(lock)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
