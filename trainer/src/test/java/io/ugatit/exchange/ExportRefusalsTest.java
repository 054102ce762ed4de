package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.RunConfig;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.UgatitGraph;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExportRefusalsTest extends ExportFixture {
    private void assertFileRefused(String message, String... options) throws Exception {
        assertRefused(message, Stream.concat(Stream.of("--output", output().toString(), "--format", "safetensors"), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void whatIsNoRunIsRefused() throws Exception {
        assertFileRefused("--run " + runFolder() + " has no config.json; it must name the folder of a training run");
    }

    @Test
    void aRunWithoutACheckpointIsRefused() throws Exception {
        run().publishConfig(RunConfig.of(LIGHT));
        assertFileRefused("--run is file:" + runFolder() + ": has no whole checkpoint yet");
        assertFileRefused("--checkpoint is 5: file:" + runFolder() + " has none yet", "--checkpoint", "5");
    }

    @Test
    void anUnknownStepIsRefusedWithThoseThereAre() throws Exception {
        UgatitGraph graph = train(LIGHT, 10);
        assertFileRefused("--checkpoint is 5: file:" + runFolder() + " has those of step 10", "--checkpoint", "5");
        publish(graph, 20);
        assertFileRefused("--checkpoint is 5: file:" + runFolder() + " has those of steps 10, 20", "--checkpoint", "5");
        assertFileRefused("--checkpoint is best: file:" + runFolder() + " has none yet: train it with --evaluate-every ROUNDS, which finds it, or"
                + " take latest or a step", "--checkpoint", "best");
        assertFileRefused("--checkpoint is newest: must be latest, best or a step", "--checkpoint", "newest");
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() throws Exception {
        train(LIGHT, 1);
        assertRefused("--output is missing: give --output and --format for a file, --hub for a folder, or both");
        assertRefused("--format is missing: must be safetensors, onnx or dl4j", "--output", output().toString());
        assertRefused("--output is missing: --format needs a file to make", "--format", "onnx", "--hub", "hub");
        assertRefused("--direction is for --output only: a hub's folder holds both generators", "--hub", "hub", "--direction", "a2b");
        assertRefused("--license is for --hub only: other files do not name a licence", "--output", output().toString(), "--format", "onnx",
                "--license", "mit");
        assertRefused("--license is MIT: must be an identifier of small letters, digits, dots and hyphens, such as apache-2.0, mit or other",
                "--hub", "hub", "--license", "MIT");
    }

    @Test
    void anUnknownFormatIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> exportFile("pickle")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--format is 'pickle': must be safetensors or onnx or dl4j");
    }

    @Test
    void whatIsThereIsNotReplaced() throws Exception {
        train(LIGHT, 1);
        Files.createDirectories(output().getParent());
        Files.writeString(output(), "mine");
        assertFileRefused("--output is " + output() + ": exists already; delete it or choose another --output");
        assertRefused("--hub is " + folder + ": exists already; delete it or choose another --hub", "--hub", folder.toString());
        assertRefused("--output is " + output() + "/model: " + "file:" + output() + " is a file, must be a folder", "--output", output() + "/model",
                "--format", "onnx");
        assertThat(output()).hasContent("mine");
    }

    @Test
    void aFileInsideTheHubsFolderIsRefused() throws Exception {
        train(LIGHT, 1);
        String hub = folder.resolve("hub").toString();
        assertFileRefused("--output is " + output() + ": must be outside --hub " + output().getParent() + " and not around it", "--hub",
                output().getParent().toString());
        assertRefused("--output is " + hub + ": must be outside --hub " + hub + " and not around it", "--hub", hub, "--output", hub, "--format",
                "onnx");
    }

    @Test
    void anOutputInsideTheRunIsRefused() throws Exception {
        train(LIGHT, 1);
        String inside = runFolder().resolve("checkpoints/model.onnx").toString();
        assertRefused("--output is " + inside + ": must be outside --run " + runFolder() + ", which is only read", "--output", inside, "--format",
                "onnx");
    }

    @Test
    void anOutputThatAnotherJobWritesIsRefused() throws Exception {
        train(LIGHT, 1);
        try (OutputLock lock = OutputLock.beside(configuration, new org.apache.hadoop.fs.Path("file:" + output()), "export", "--output",
                line -> { })) {
            lock.requireHeld();
            assertThatThrownBy(() -> exportFile("onnx")).isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("--output is file:" + output() + ": the export job that process ").hasMessageContaining(" is writing it; ");
        }
        assertThat(output()).doesNotExist();
    }

    @Test
    void parametersThatAreNotFiniteAreNamedAndNothingIsLeft() throws Exception {
        UgatitGraph graph = train(LIGHT, 1);
        graph.namedParameters().get("genA2B.conv1x1.bias").putScalar(1, Float.NaN);
        publish(graph, 2);
        String file = "file:" + runFolder() + "/checkpoints/step-00000002/parameters.safetensors";
        for (String format : new String[] {"safetensors", "onnx"}) {
            assertRefused(file + ": tensor genA2B.conv1x1.bias holds values that are infinite or not a number", "--output", output().toString(),
                    "--format", format);
        }
        assertThatThrownBy(() -> exportFile("dl4j")).isInstanceOf(InvalidRequestException.class)
                .hasMessage(file + ": tensor \"genA2B.conv1x1.bias\" holds values that are infinite or not a number");
    }

    @Test
    void theRunIsOnlyRead() throws Exception {
        train(LIGHT, 1);
        Map<String, String> before = everything();
        exportFile("onnx", "--hub", folder.resolve("out/hub").toString());
        Map<String, String> after = everything();
        after.keySet().removeIf(name -> name.startsWith("out"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void whatAKilledExportLeftIsReplaced() throws Exception {
        train(LIGHT, 1);
        exportFile("onnx");
        String hidden = ".tmp-" + UUID.nameUUIDFromBytes("model".getBytes(StandardCharsets.UTF_8));
        Files.move(output(), output().resolveSibling(hidden));
        exportFile("onnx");
        assertThat(output().getParent()).isDirectoryNotContaining("glob:**/.tmp-*").isDirectoryContaining("glob:**/model");
    }
}
