package io.ugatit.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small runs as training leaves them, and export run on them. */
abstract class ExportFixture {
    static final String IMAGES = "f9420f82ff273a9f742e6af7418e51cf4442325dc6b17bd41ed6da110ca8aa7d";
    static final NetworkOptions LIGHT = new NetworkOptions(32, 4, 2, true, false, 4, 3);
    static final NetworkOptions FULL = new NetworkOptions(32, 3, 1, false, true, 4, 3);

    final Configuration configuration = new Configuration();
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    @TempDir
    Path folder;

    Path runFolder() {
        return folder.resolve("run");
    }

    Path output() {
        return folder.resolve("out/model");
    }

    RunDirectory run() {
        return new RunDirectory(configuration, new org.apache.hadoop.fs.Path("file:" + runFolder()));
    }

    /** Networks whose every parameter plays a part, as after a training: rho between 0 and 1, gamma and beta of any value. */
    static UgatitGraph graph(NetworkOptions options, long seed) {
        UgatitGraph graph = UgatitGraph.create(options, seed);
        graph.namedParameters().forEach((name, value) -> {
            if (name.endsWith("rho") || name.endsWith(".gamma") || name.endsWith(".beta")) {
                value.assign(Nd4j.rand(DataType.FLOAT, value.shape()));
            }
        });
        return graph;
    }

    /** Publishes a run with one checkpoint, and returns its networks. */
    UgatitGraph train(NetworkOptions options, long step) {
        UgatitGraph graph = graph(options, step);
        ObjectNode config = RunConfig.of(options);
        config.putObject("training").put("images", IMAGES).put("steps", 100).put("lr", 1e-4);
        config.putObject("job").put("data", "file:" + folder.resolve("dataset"));
        run().publishConfig(config);
        publish(graph, step);
        return graph;
    }

    void publish(UgatitGraph graph, long step) {
        new CheckpointStore(run()).publish(step, graph.namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode());
    }

    ExportResult export(String... options) {
        String[] all = Stream.concat(Stream.of("--run", runFolder().toString()), Stream.of(options)).toArray(String[]::new);
        return new ExportJob(configuration, Options.parse(ExportOptions.class, all), new PrintStream(printed, true, StandardCharsets.UTF_8)).run();
    }

    ExportResult exportFile(String format, String... options) {
        return export(Stream.concat(Stream.of("--output", output().toString(), "--format", format), Stream.of(options)).toArray(String[]::new));
    }

    void assertRefused(String message, String... options) throws IOException {
        Map<String, String> before = everything();
        assertThatThrownBy(() -> export(options)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
        assertThat(everything()).as("nothing was written").isEqualTo(before);
    }

    /** Every file and folder with its length. */
    Map<String, String> everything() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.toList()) {
                found.put(folder.relativize(path).toString(), Files.isDirectory(path) ? "folder" : Files.size(path) + " bytes");
            }
        }
        return found;
    }

    static INDArray images(int batch, int size) {
        return Nd4j.rand(DataType.FLOAT, batch, 3, size, size).muli(2).subi(1);
    }

    @AfterEach
    void nothingUnfinishedIsLeft() throws IOException {
        assertThat(everything().keySet()).noneMatch(name -> name.contains(".tmp-") || name.contains(".ugatit-lock"));
    }
}
