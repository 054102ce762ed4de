package io.ugatit.evaluate.inception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.device.Threads;
import io.ugatit.image.RgbImage;
import io.ugatit.safetensors.SafetensorsFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The goldens are every fourth feature, computed by PyTorch with 64-bit floats from the same weights and images. */
class InceptionTest {
    private static final Configuration HADOOP = new Configuration();
    private static final int EVERY = 4;
    private static Inception embedded;

    @BeforeAll
    static void load() throws IOException {
        embedded = Inception.embedded();
    }

    @AfterAll
    static void free() {
        embedded.close();
    }

    @ParameterizedTest
    @CsvSource({"256, 256", "400, 150"})
    void theFeaturesOfTheEmbeddedWeightsAreThoseOfPyTorch(int width, int height) throws IOException, URISyntaxException {
        assertGolden("embedded", embedded, width, height);
    }

    @Test
    void theFeaturesOfAUsersFileAreThoseOfPytorchFid(@TempDir Path folder) throws IOException, URISyntaxException {
        Path file = folder.resolve("pt_inception-2015-12-05.safetensors");
        SyntheticWeights.write(file);

        try (Inception fid = Inception.fid(HADOOP, new org.apache.hadoop.fs.Path(file.toUri()))) {
            assertGolden("fid", fid, 256, 256);
            assertGolden("fid", fid, 400, 150);
        }
    }

    private static void assertGolden(String weights, Inception inception, int width, int height) throws IOException, URISyntaxException {
        float[] features = inception.features(Patterns.image(width, height));

        assertThat(features).hasSize(Inception.FEATURES);
        float[] expected = golden(weights + "." + width + "x" + height);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(features[EVERY * i]).as("feature %d", EVERY * i)
                    .isCloseTo(expected[i], within(1e-3f * expected[i] + 1e-6f * largest));
        }
    }

    private static float[] golden(String name) throws IOException, URISyntaxException {
        URI resource = InceptionTest.class.getResource("/goldens/inception-v3.safetensors").toURI();
        try (SafetensorsFile file = SafetensorsFile.open(HADOOP, new org.apache.hadoop.fs.Path(resource));
                INDArray array = Nd4j.create(Inception.FEATURES / EVERY)) {
            file.read(name, array);
            return array.toFloatVector();
        }
    }

    @Test
    void anImagesFeaturesHaveTheSameBitsAloneAndAmongOthersOnTwoThreads() {
        List<RgbImage> images = List.of(Patterns.image(64, 64), Patterns.image(299, 299), Patterns.image(1, 1), Patterns.image(64, 64));
        float[][][] rows = new float[1][][];

        Threads.with(2, () -> rows[0] = embedded.features(images));

        for (int i = 0; i < images.size(); i++) {
            assertThat(rows[0][i]).isEqualTo(embedded.features(images.get(i)));
        }
        assertThat(rows[0][0]).isNotEqualTo(rows[0][1]);
    }

    @Test
    void theNetworkHasThePapersSize() {
        List<Convolution> convolutions = ConvolutionList.all();

        assertThat(convolutions).hasSize(94);
        assertThat(convolutions.stream().mapToInt(Convolution::weights).sum()).isEqualTo(21_751_136);
        assertThat(convolutions.stream().map(Convolution::name)).doesNotHaveDuplicates();
    }
}
