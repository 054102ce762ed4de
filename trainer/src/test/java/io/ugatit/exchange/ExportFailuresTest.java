package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.UgatitGraph;
import io.ugatit.publish.VanishingFileSystem;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong on the way: the checkpoint goes, or of two outputs one cannot be made. */
class ExportFailuresTest extends ExportFixture {
    private Path hub() {
        return folder.resolve("out/hub");
    }

    private ExportJob vanishing(String... options) {
        return new ExportJob(VanishingFileSystem.configure(configuration), Options.parse(ExportOptions.class, options),
                new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    /** The second time that the configuration is read is after the checkpoint was chosen; DL4J's parameters are read when the file is made. */
    @ParameterizedTest
    @CsvSource({"safetensors, config.json, 2", "onnx, config.json, 2", "dl4j, config.json, 2", "dl4j, /out/.tmp-, 1"})
    void aCheckpointThatIsPrunedAfterItWasChosenIsToldAsThat(String format, String moment, int times) {
        train(LIGHT, 12);
        Path checkpoint = runFolder().resolve("checkpoints/step-00000012");
        VanishingFileSystem.delete(checkpoint.toString(), moment + (moment.startsWith("/") ? "[0-9a-f-]+$" : "$"), times);
        assertThatThrownBy(() -> vanishing("--run", "vanishing:" + runFolder(), "--output", "vanishing:" + output(), "--format", format).run())
                .isInstanceOf(JobFailedException.class).hasMessage("cannot export vanishing:" + runFolder() + ": vanishing:" + checkpoint
                        + " was pruned meanwhile: start again; nothing was written");
        assertThat(output()).doesNotExist();
    }

    @Test
    void aFolderThatIsRefusedAfterTheFileWasWrittenFailsTheJobAndSaysSo() {
        UgatitGraph graph = train(LIGHT, 1);
        graph.namedParameters().get("disGA.conv.weight_u").putScalar(0, Float.NaN);
        publish(graph, 2);
        assertThatThrownBy(() -> exportFile("onnx", "--hub", hub().toString())).isInstanceOf(JobFailedException.class)
                .hasMessage("file:" + runFolder() + "/checkpoints/step-00000002/parameters.safetensors: tensor disGA.conv.weight_u holds values that are"
                        + " infinite or not a number; --output " + output() + " was written and is whole");
        assertThat(output()).isNotEmptyFile();
        assertThat(hub()).doesNotExist();
    }

    @Test
    void nothingIsWrittenWhereAnotherJobMakesOneOfTheTwo() {
        train(LIGHT, 1);
        try (OutputLock lock = OutputLock.beside(configuration, new org.apache.hadoop.fs.Path("file:" + hub()), "export", "--hub", line -> { })) {
            assertThatThrownBy(() -> exportFile("onnx", "--hub", hub().toString())).isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("--hub is file:" + hub() + ": the export job that process ").hasMessageContaining(" is writing it; ");
            lock.requireHeld();
            assertThat(output()).doesNotExist();
        }
        assertThat(Files.exists(output().getParent())).isFalse();
    }
}
