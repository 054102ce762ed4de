package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
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
        assertRefused("--direction is 'a2c': must be a2b or b2a", "--run", "r", "--direction", "a2c", "--input", "i", "--output", "o");
    }
}
