package io.ugatit.translate.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.RgbImage;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelKind;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.tensor.cuda.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images that are translated by one call of the network. */
class TogetherTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"32,8,true,CPU", "48,8,false,CPU", "64,16,true,CPU", "64,4,true,ND4J"})
    void anImagesTranslationIsTheSameWithinOneLevelWhateverItIsTranslatedWith(int size, int channels, boolean light, KernelKind kind)
            throws Exception {
        Configuration configuration = new Configuration();
        GeneratorSource source = generator(configuration, new NetworkOptions(size, channels, 2, light, !light, 4, 3));
        KernelChoice kernels = KernelChoice.of(new KernelOptions(kind, Precision.FP32), List.of());
        try (GeneratorWeights weights = GeneratorWeights.load(configuration, source); Translator translator = new Translator(weights, kernels)) {
            List<RgbImage> images = IntStream.range(0, 5).mapToObj(seed -> noise(size, seed)).toList();
            List<Translator.Translation> alone = images.stream().map(image -> translator.translate(image).orElseThrow()).toList();
            long most = 0;
            for (int together : new int[] {5, 4, 2, 3}) {
                List<Optional<Translator.Translation>> translated = translator.translate(images.subList(5 - together, 5));
                most = Math.max(most, together == 5 ? translator.compute().pool().allocatedBytes() : 0);
                assertThat(translator.compute().pool().allocatedBytes()).as("memory for " + together + " of 5").isLessThanOrEqualTo(most);
                assertThat(translated).hasSize(together);
                for (int i = 0; i < together; i++) {
                    Translator.Translation expected = alone.get(5 - together + i);
                    assertWithinOneLevel(translated.get(i).orElseThrow().image(), expected.image());
                    assertWithinOneLevel(translated.get(i).orElseThrow().heatmap(), expected.heatmap());
                }
            }
            assertThat(alone.get(0).image().pixels()).isNotEqualTo(alone.get(1).image().pixels());
            assertThat(translator.translate(List.of())).isEmpty();
        }
    }

    /** Sums in another order: here and there a colour that is rounded the other way. */
    private static void assertWithinOneLevel(RgbImage image, RgbImage expected) {
        int others = 0;
        for (int i = 0; i < expected.pixels().length; i++) {
            int difference = Math.abs(Byte.toUnsignedInt(image.pixels()[i]) - Byte.toUnsignedInt(expected.pixels()[i]));
            assertThat(difference).isLessThanOrEqualTo(1);
            others += difference;
        }
        assertThat(others).isLessThan(expected.pixels().length / 500);
    }

    private GeneratorSource generator(Configuration configuration, NetworkOptions options) throws Exception {
        String file = GoldenWeights.write(folder.resolve("weights.safetensors"), UgatitGraph.create(options, 5).namedParameters());
        return GeneratorSource.of(configuration, new org.apache.hadoop.fs.Path(file), Network.GEN_A2B, options);
    }

    private static RgbImage noise(int size, int seed) {
        byte[] pixels = new byte[3 * size * size];
        new Random(seed).nextBytes(pixels);
        return new RgbImage(size, size, pixels);
    }
}
