package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.ImageReader;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.Pixels;
import io.ugatit.model.UgatitGraph;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A trained network, a prepared data set, and evaluations of them. */
abstract class EvaluateFixture {
    static final NetworkOptions NETWORK = new NetworkOptions(TinyImages.SIDE, 2, 1, true, false, 3, 3);
    static final int IMAGES = 5;
    @TempDir
    static Path folder;
    static SparkSession spark;
    static UgatitGraph graph;
    static String dataset;
    static String run;
    final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void prepare() throws IOException {
        spark = session("local[2]");
        TinyImages.write(folder.resolve("images"), IMAGES, 1);
        dataset = prep("images", "dataset", TinyImages.SIDE);
        graph = UgatitGraph.create(NETWORK, 3);
        run = run("run", graph);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    static SparkSession session(String master) {
        return SparkSession.builder().master(master).config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    static String prep(String input, String output, int size) {
        Path target = folder.resolve(output);
        new PrepJob(spark, Options.parse(PrepOptions.class, "--input", folder.resolve(input).toString(), "--output", target.toString(),
                "--size", String.valueOf(size)), new PrintStream(OutputStream.nullOutputStream())).run();
        return target.toString();
    }

    static String run(String name, UgatitGraph parameters) {
        RunDirectory directory = new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()));
        new CheckpointStore(directory).publish(12, parameters.namedParameters(), Map.of(), new ObjectMapper().createObjectNode());
        directory.publishConfig(RunConfig.of(parameters.options()));
        return folder.resolve(name).toString();
    }

    EvaluateResult evaluate(String... more) {
        return new EvaluateJob(spark, Options.parse(EvaluateOptions.class, more), out).run();
    }

    void refused(String message, String... options) {
        assertThatThrownBy(() -> evaluate(options)).isInstanceOf(InvalidRequestException.class).hasMessageContaining(message);
    }

    static RgbImage image(ImageReader reader, int index) {
        return new RgbImage(TinyImages.SIDE, TinyImages.SIDE, reader.read(index).pixels());
    }

    static INDArray array(RgbImage image) {
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {1, 3, image.height(), image.width()}, 'c');
        Pixels.read(image, array);
        return array;
    }
}
