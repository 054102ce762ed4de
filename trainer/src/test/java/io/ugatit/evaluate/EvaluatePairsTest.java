package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Evaluations with pairs: test images of one name in both domains. */
@Tag("slow")
class EvaluatePairsTest extends EvaluateFixture {
    @Test
    void translationsAreComparedWithTheTestImagesOfTheSameName() throws IOException {
        EvaluateResult result = evaluate("--run", run, "--data", dataset, "--extractor", "thumbnail", "--pairs");

        ImageDataset images = ImageDataset.open(dataset, new Configuration());
        double ssim = 0;
        double l1 = 0;
        try (ImageReader a = images.reader(Domain.A, Split.TEST, new Configuration(), 0);
                ImageReader b = images.reader(Domain.B, Split.TEST, new Configuration(), 0)) {
            for (int i = 0; i < IMAGES; i++) {
                assertThat(a.read(i).source()).isEqualTo(b.read(i).source());
                ssim += Ssim.of(image(a, i), image(b, i)) / IMAGES;
                l1 += array(image(a, i)).distance1(array(image(b, i))) / (3 * TinyImages.SIDE * TinyImages.SIDE) / IMAGES;
            }
        }
        assertThat(result.untranslated().pairs().count()).isEqualTo(IMAGES);
        assertThat(result.untranslated().pairs().ssim()).isCloseTo(ssim, within(1e-12));
        assertThat(result.untranslated().pairs().l1()).isCloseTo(l1, within(1e-5));
        assertThat(result.a2b().pairs().ssim()).isNotEqualTo(result.b2a().pairs().ssim()).isBetween(-1.0, 1.0);
        JsonNode json = new ObjectMapper().readTree(result.toJson());
        assertThat(json.at("/b2a/pair_l1").doubleValue()).isEqualTo(result.b2a().pairs().l1());
        assertThat(json.at("/b2a/pairs").intValue()).isEqualTo(IMAGES);
        assertThat(json.at("/a2b/mean_kid").doubleValue()).isEqualTo(result.a2b().meanKid());
        assertThat(json.path("kid_subset_size").intValue()).isEqualTo(IMAGES);
        // all five images of both domains are in every subset
        assertThat(json.at("/a2b/kid_subset_mean").doubleValue()).isEqualTo(result.a2b().kid());
        assertThat(json.at("/a2b/kid_subset_std").isMissingNode()).isTrue();
        assertThat(new ObjectMapper().readTree(evaluate("--run", run, "--data", dataset, "--extractor", "thumbnail", "--kid-subset-size", "3")
                .toJson()).at("/a2b/kid_subset_std").doubleValue()).isPositive();
    }

    @Test
    void pairsMustBeThereAndClear() throws IOException {
        TinyImages.write(folder.resolve("unpaired"), 2, 5);
        for (int i = 0; i < 2; i++) {
            Files.move(folder.resolve("unpaired/testB/" + i + ".png"), folder.resolve("unpaired/testB/b" + i + ".png"));
        }
        String unpaired = prep("unpaired", "without-pairs", TinyImages.SIDE);
        refused("--pairs: no test image of A in file:" + unpaired + " has the name of one of B", "--run", run, "--data", unpaired, "--pairs");
        Files.move(folder.resolve("unpaired/testA/1.png"), folder.resolve("unpaired/testA/0.jpg"));
        String twice = prep("unpaired", "twice", TinyImages.SIDE);
        refused("--pairs: two test images of A have the name \"0\", extensions aside", "--run", run, "--data", twice, "--pairs");
    }

    @Test
    void imagesDrawnWithoutTheirPartnersAreToldOf() throws IOException {
        TinyImages.write(folder.resolve("few"), 4, 6);
        for (String other : List.of("0", "2", "3")) { // the second of each domain are a pair; the first and the third are drawn
            Files.move(folder.resolve("few/testB/" + other + ".png"), folder.resolve("few/testB/" + other + "b.png"));
        }
        String few = prep("few", "few-pairs", TinyImages.SIDE);
        String told = "--pairs: none of the images that --max-images draws has a partner, so no pairs are compared";
        String[] words = {"--run", run, "--data", few, "--extractor", "thumbnail", "--pairs", "--max-images"};
        assertThat(evaluate(with(words, "3")).untranslated().pairs()).isNotNull();
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain(told);
        assertThat(evaluate(with(words, "2")).untranslated().pairs()).isNull();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(told);
    }

    private static String[] with(String[] words, String last) {
        return Stream.concat(Stream.of(words), Stream.of(last)).toArray(String[]::new);
    }
}
