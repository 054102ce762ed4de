package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Transparency;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.translate.option.ShapeOptions;
import org.junit.jupiter.api.Test;

class TranslateOptionsTest {

    private static void assertRefused(String message, String... words) {
        assertThatThrownBy(() -> Options.parse(TranslateOptions.class, words)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        assertThat(Options.parse(TranslateOptions.class, "--run", "r", "--direction", "b2a", "--input", "i", "--output", "o")).isEqualTo(
                new TranslateOptions("r", null, Direction.B2A, "i", "o", ImageEncoder.PNG, false, false, null, Fit.STRETCH));
    }

    @Test
    void oneInputAndOneOutputAreNeeded() {
        assertRefused("--input is missing: must be a folder or an archive; or give --input-table", "--run", "r", "--direction", "a2b",
                "--output", "o");
        assertRefused("--input is i and --input-table t: must be one of them", "--run", "r", "--direction", "a2b", "--input", "i",
                "--input-table", "t", "--output", "o");
        assertRefused("--name-column is n: goes with --input-table, which is missing", "--run", "r", "--direction", "a2b", "--input", "i",
                "--name-column", "n", "--output", "o");
        assertRefused("--output is missing: must be a folder; or give --output-shards or --output-table", "--run", "r", "--direction", "a2b",
                "--input", "i");
        assertRefused("--output and --output-table exclude each other: give one of them", "--run", "r", "--direction", "a2b",
                "--input", "i", "--output", "o", "--output-table", "t");
        assertRefused("--part-images is for --output-shards and --output-table only: leave it out", "--run", "r", "--direction", "a2b",
                "--input", "i", "--output", "o", "--part-images", "5");
        assertRefused("--part-images is 0: must be from 1 to 100000", "--run", "r", "--direction", "a2b", "--input", "i", "--output-table",
                "t", "--part-images", "0");
    }

    @Test
    void bothDirectionsNeedTwoInputsAndOneDirectionNeedsOne() {
        assertRefused("--direction is both: must have --input-a with images of A and --input-b with those of B in the place of --input",
                "--run", "r", "--direction", "both", "--input", "i", "--output", "o");
        assertRefused("--direction is both: must have --input-a with images of A and --input-b with those of B in the place of --input-table",
                "--run", "r", "--direction", "both", "--input-table", "i", "--output", "o");
        assertRefused("--input-b is missing: --direction both needs images of B, a folder or an archive", "--run", "r", "--direction", "both",
                "--input-a", "i", "--output", "o");
        assertRefused("--input-a is missing: --direction both needs images of A, a folder or an archive", "--run", "r", "--direction", "both",
                "--output", "o");
        assertRefused("--input-b is for --direction both only: give --input with what is to be translated", "--run", "r", "--direction", "a2b",
                "--input", "i", "--input-b", "j", "--output", "o");
        assertRefused("--input-a is empty: must be a folder or an archive", "--run", "r", "--direction", "both", "--input-a", " ",
                "--input-b", "j", "--output", "o");
    }

    @Test
    void aListOfCheckpointsNamesWhatARunHas() {
        TranslateOptions options = Options.parse(TranslateOptions.class, "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o",
                "--checkpoint", "1000,best", "--no-ema");
        assertThat(options.checkpoint().each()).containsExactly(new CheckpointChoice("1000", true), new CheckpointChoice("best", true));
        assertRefused("--checkpoint is : must be latest, best or a step", "--run", "r", "--checkpoint", "1000,", "--direction", "a2b",
                "--input", "i", "--output", "o");
        assertRefused("--checkpoint is for --run only: --weights names the file itself", "--weights", "w", "--checkpoint", "latest,latest",
                "--direction", "a2b", "--input", "i", "--output", "o");
        assertRefused("--checkpoint names 21 checkpoints: must be at most 20", "--run", "r", "--checkpoint", "1" + ",1".repeat(20),
                "--direction", "a2b", "--input", "i", "--output", "o");
    }

    @Test
    void aBatchIsOfTheNetworksSize() {
        assertThat(Options.parse(TranslateOptions.class, "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o", "--batch", "8")
                .batch()).isEqualTo(8);
        assertRefused("--batch is 0: must be from 1 to 256", "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o", "--batch", "0");
        assertRefused("--batch is 257: must be from 1 to 256", "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o", "--batch",
                "257");
        String reason = "--batch is 2: is for translations of the network's size with transparency on white, leave it out with ";
        assertRefused(reason + "--tile", "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o", "--batch", "2", "--tile");
        assertRefused(reason + "--keep-size", "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o", "--batch", "2", "--keep-size");
        assertRefused(reason + "--alpha", "--run", "r", "--direction", "a2b", "--input", "i", "--output", "o", "--batch", "2", "--alpha", "keep");
    }

    @Test
    void aSheetIsAPageOfTranslationsThatAreFiles() {
        assertRefused("--sheet is s.png: must be a file that ends in .html", "--run", "r", "--direction", "a2b", "--input", "i", "--output",
                "o", "--sheet", "s.png");
        assertRefused("--sheet is for --output only: it shows translations that are files, not those in --output-shards", "--run", "r",
                "--direction", "a2b", "--input", "i", "--output-shards", "o", "--sheet", "s.html");
    }

    @Test
    void aModelIsNeeded() {
        assertRefused("--run is missing: give a run, or --weights with a safetensors file or a PyTorch checkpoint", "--direction", "a2b", "--input", "i", "--output", "o");
    }

    @Test
    void twoModelsAreRefused() {
        assertRefused("--run and --weights exclude each other: give one of them", "--run", "r", "--weights", "w", "--direction", "a2b",
                "--input", "i", "--output", "o");
    }

    @Test
    void aSizeForARunIsRefused() {
        assertRefused("--size is for --weights only: a run has a size of its own", "--run", "r", "--size", "64", "--direction", "a2b",
                "--input", "i", "--output", "o");
    }

    @Test
    void aChoiceOfCheckpointIsForRunsOnly() {
        assertRefused("--checkpoint is for --run only: --weights names the file itself", "--weights", "w", "--checkpoint", "best", "--direction",
                "a2b", "--input", "i", "--output", "o");
        assertRefused("--no-ema is for --run only: --weights names the file itself", "--weights", "w", "--no-ema", "--direction", "a2b",
                "--input", "i", "--output", "o");
        assertRefused("--checkpoint is first: must be latest, best or a step", "--run", "r", "--checkpoint", "first", "--direction", "a2b",
                "--input", "i", "--output", "o");
    }

    @Test
    void aLimitOfPixelsThatNoArrayHoldsIsRefused() {
        assertRefused("--max-pixels is 715827875: must be from 1 to 715827874", "--run", "r", "--direction", "a2b", "--input", "i",
                "--output", "o", "--max-pixels", "715827875");
    }

    @Test
    void anUnknownDirectionIsRefused() {
        assertRefused("--direction is 'a2c': must be a2b or b2a or both", "--run", "r", "--direction", "a2c", "--input", "i", "--output", "o");
    }

    private static void assertShapeRefused(String message, String... words) {
        assertThatThrownBy(() -> Options.parse(ShapeOptions.class, words)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
    }

    @Test
    void shapesThatDoNotGoTogetherAreRefused() {
        assertShapeRefused("--keep-size and --tile exclude each other: in tiles an image keeps its size anyway, so leave --keep-size out",
                "--keep-size", "--tile");
        assertShapeRefused("--tile-statistics is for --tile only: give that too, or leave it out", "--tile-statistics", "tile");
        assertShapeRefused("--tile-statistics is 'half': must be whole or tile", "--tile", "--tile-statistics", "half");
        assertShapeRefused("--alpha is 'red': must be drop, keep or a colour such as '#ff8000'", "--alpha", "red");
        assertShapeRefused("--alpha is '#12345': must be drop, keep or a colour such as '#ff8000'", "--alpha", "#12345");
    }

    @Test
    void aJpegThatIsToKeepTransparencyIsRefused() {
        assertRefused("--alpha is keep, and --format jpeg has no transparency: leave --format out for PNG, or give --alpha a colour", "--run", "r",
                "--direction", "a2b", "--input", "i", "--output", "o", "--format", "jpeg", "--alpha", "keep");
    }

    @Test
    void aShapeSaysInWordsWhatItIs() {
        assertThat(ShapeOptions.DEFAULT.shape()).isEqualTo("network's size");
        assertThat(Options.parse(ShapeOptions.class, "--keep-size").shape()).isEqualTo("own size");
        assertThat(Options.parse(ShapeOptions.class, "--tile").shape()).isEqualTo("own size in tiles with the statistics of the whole picture");
        assertThat(Options.parse(ShapeOptions.class, "--tile", "--tile-statistics", "tile").shape())
                .isEqualTo("own size in tiles with the statistics of each tile");
        assertThat(Options.parse(ShapeOptions.class, "--alpha", "#Ff8001").transparency()).isEqualTo(new Transparency(0xff8001, false));
    }
}
