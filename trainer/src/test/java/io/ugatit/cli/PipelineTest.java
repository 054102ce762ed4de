package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.demo.DemoImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands one after the other, as a user gives them, on a handful of the images that ship with the project. */
@Tag("slow")
class PipelineTest {
    @TempDir
    private Path folder;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int status(ByteArrayOutputStream out, String... args) {
        return Ugatit.run(args, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private List<String> run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(status(out, args)).as(err.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String refused(String... args) {
        err.reset();
        assertThat(status(new ByteArrayOutputStream(), args)).isEqualTo(2);
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void photosBecomeADataSetARunAReportAndTranslations() throws Exception {
        Path images = folder.resolve("images");
        DemoImages.extractTo(images);
        keep(images, 6);
        String data = folder.resolve("dataset").toString();
        String run = folder.resolve("run").toString();
        List<String> prepared = run("prep", "--input", images.toString(), "--output", data, "--size", "32");
        assertThat(prepared).anyMatch(line -> line.startsWith("prepared 6 + 6 images to train on, 6 + 6 to judge by, in "));

        String[] train = {"train", "--data", data, "--run", run, "--size", "32", "--ch", "4", "--res-blocks", "1", "--global-layers", "5",
            "--local-layers", "3", "--steps", "6", "--workers", "2", "--averaging-frequency", "2", "--checkpoint-every", "1"};
        assertThat(run(train)).endsWith("run " + run + " has all of its 6 steps").anyMatch(line -> line.startsWith("trained 6 steps in "));
        assertThat(Path.of(run, "LATEST")).hasContent("step-00000006\n");
        assertThat(run(train)).as("a finished run has nothing left to train").noneMatch(line -> line.startsWith("trained"));

        assertThat(run("report", "--run", run)).last().asString().startsWith("report ").endsWith("report.html");
        assertThat(Files.readString(Path.of(run, "report.html"))).contains("<svg", "Trained 6 of 6 steps on dataset (32 px, 4 channels, ");

        Path translations = folder.resolve("translations");
        run("translate", "--run", run, "--direction", "a2b", "--input", images.resolve("testA").toString(), "--output", translations.toString());
        try (Stream<Path> files = Files.walk(translations)) {
            assertThat(files.filter(file -> file.toString().endsWith(".png")).toList()).hasSize(6)
                    .allSatisfy(file -> assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(32));
        }
    }

    @Test
    void whatTrainingRefusesIsOneLineAndNothingIsWritten() throws IOException {
        Path run = folder.resolve("run");
        String nowhere = folder.resolve("nowhere").toString();
        assertThat(refused("train", "--data", nowhere, "--run", run.toString())).isEqualTo(nowhere
                + " is not a dataset: there is no manifest.json in it; make one with the prep command's --output " + nowhere);
        assertThat(refused("train", "--data", nowhere, "--run", run.toString(), "--steps", "0"))
                .isEqualTo("--steps is 0: must be from 1 to 99999999");
        assertThat(refused("train", "--data", nowhere, "--run", run.toString(), "--order", "random"))
                .isEqualTo("--order is 'random': must be shuffled or sequential");
        assertThat(refused("train", "--data", nowhere)).isEqualTo("missing option --run RUN");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    /** Deletes all but some images of each folder. */
    private static void keep(Path images, int count) throws IOException {
        try (Stream<Path> folders = Files.list(images)) {
            for (Path each : folders.toList()) {
                try (Stream<Path> files = Files.list(each)) {
                    for (Path file : files.sorted().skip(count).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}
