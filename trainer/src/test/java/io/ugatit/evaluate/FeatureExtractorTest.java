package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.demo.DemoImages;
import io.ugatit.evaluate.inception.Inception;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureExtractorTest {
    /** One in so many of the demo's 240 test images of a domain. */
    private static final int EVERY = 20;

    @Test
    void everyExtractorGivesItsDimensionAndTheSameBitsAgainForImagesOfAnySize() {
        for (FeatureExtractor extractor : FeatureExtractor.all()) {
            for (int side : new int[] {1, 16, 100}) {
                float[] features = extractor.features(noise(side, 1));
                assertThat(features).as(extractor.name()).hasSize(extractor.dimension()).isEqualTo(extractor.features(noise(side, 1)));
                for (float feature : features) {
                    assertThat(feature).isFinite();
                }
            }
        }
    }

    @Test
    void theThumbnailOfAnEvenImageIsItsColour() {
        byte[] pixels = new byte[3 * 40 * 30];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) 255;
        }
        float[] features = FeatureExtractor.named("thumbnail").features(new RgbImage(40, 30, pixels));
        assertThat(features).hasSize(192).startsWith(1, -1, -1, 1, -1, -1);
    }

    @Test
    void randomConvolutionsTellTextureFromAnEvenAreaOfTheSameMeanColour() {
        RgbImage board = new RgbImage(64, 64, new byte[3 * 64 * 64]);
        RgbImage even = new RgbImage(64, 64, new byte[3 * 64 * 64]);
        for (int i = 0; i < board.pixels().length; i++) {
            int pixel = i / 3;
            board.pixels()[i] = (byte) ((pixel / 64 + pixel) % 2 == 0 ? 255 : 0);
        }
        Arrays.fill(even.pixels(), (byte) 128);
        FeatureExtractor extractor = FeatureExtractor.named("random-conv");
        assertThat(distance(extractor.features(board), extractor.features(even))).isGreaterThan(1);
    }

    /** A change of these values makes every evaluation stored before incomparable: give the extractor another name then. */
    @Test
    void theWeightsOfRandomConvolutionsNeverChange() {
        float[] features = FeatureExtractor.named("random-conv").features(noise(64, 5));
        assertThat(Arrays.hashCode(features)).isEqualTo(-2101474237);
    }

    @Test
    void theEmbeddedFeaturesAreScaledToTheSizeOfThoseOfPublications(@TempDir Path folder) throws IOException {
        RgbImage image = noise(64, 5);
        float[] scaled = FeatureExtractor.named("inception").features(image);
        try (Inception inception = Inception.embedded()) {
            float[] raw = inception.features(image);
            for (int i = 0; i < raw.length; i++) {
                assertThat(scaled[i]).isEqualTo(raw[i] * 5.3f);
            }
        }
        assertThat(FeatureExtractor.named("inception").identity()).contains(" x 5.3 by computation ");
        DemoImages.extractTo(folder);
        FeatureExtractor extractor = FeatureExtractor.named("inception");
        double squares = 0;
        for (String domain : new String[] {"testA", "testB"}) {
            for (Path emoji : someOf(folder.resolve(domain))) {
                for (float feature : extractor.features(new ImageDecoder().decode(Files.readAllBytes(emoji)))) {
                    squares += (double) feature * feature / extractor.dimension() / (2 * 240 / EVERY);
                }
            }
        }
        assertThat(squares).isBetween(0.15, 0.4);
    }

    @Test
    void anUnknownExtractorIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> new EvaluateOptions("run", "data", "vgg", 10, null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("--extractor is 'vgg': must be one of random-conv, thumbnail, inception");
    }

    private static List<Path> someOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            return IntStream.range(0, sorted.size() / EVERY).mapToObj(i -> sorted.get(i * EVERY)).toList();
        }
    }

    private static double distance(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }

    private static RgbImage noise(int side, long seed) {
        byte[] pixels = new byte[3 * side * side];
        new Random(seed).nextBytes(pixels);
        return new RgbImage(side, side, pixels);
    }
}
