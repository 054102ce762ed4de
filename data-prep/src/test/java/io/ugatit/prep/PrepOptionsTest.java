package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.Fit;
import io.ugatit.job.InvalidRequestException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Option;

class PrepOptionsTest {
    @Test
    void theLoadSizeFollowsTheAuthorsRatio() {
        assertThat(new PrepOptions("in", "out", 256, null, null, 0.01).loadSize()).isEqualTo(286);
        assertThat(new PrepOptions("in", "out", 64, null, null, 0.01).loadSize()).isEqualTo(72);
        assertThat(new PrepOptions("in", "out", 256, 300, null, 0.01).loadSize()).isEqualTo(300);
        assertThat(new PrepOptions("in", "out", 256, null, null, 0.01).resize()).isEqualTo(Fit.STRETCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 12, 2052, 0, -4})
    void anImpossibleSizeIsNamed(int size) {
        assertThatThrownBy(() -> new PrepOptions("in", "out", size, null, Fit.CROP, 0.01))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("--size is " + size + ": must be a multiple of 4 from 16 to 2048");
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 0, 4097})
    void anImpossibleLoadSizeIsNamed(int loadSize) {
        assertThatThrownBy(() -> new PrepOptions("in", "out", 256, loadSize, Fit.CROP, 0.01))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("--load-size is " + loadSize + ": must be from 256 (--size) to 4096");
    }

    @ParameterizedTest
    @CsvSource({"-0.1", "1.1", "NaN"})
    void anImpossibleShareOfRejectsIsNamed(double share) {
        assertThatThrownBy(() -> new PrepOptions("in", "out", 256, null, Fit.CROP, share))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("--max-rejects is " + share + ": must be from 0 to 1");
    }

    @Test
    void missingPathsAreNamed() {
        assertThatThrownBy(() -> new PrepOptions(null, "out", 256, null, null, 0)).hasMessage("--input is missing: must be a folder");
        assertThatThrownBy(() -> new PrepOptions("in", " ", 256, null, null, 0)).hasMessage("--output is missing: must be a folder");
    }

    @Test
    void theLimitOfPixelsIsAHundredMillionUnlessGivenAndAtMostWhatAnArrayHolds() {
        assertThat(new PrepOptions("in", "out", 256, null, null, 0).maxPixels()).isEqualTo(100_000_000);
        assertThat(new PrepOptions("in", "out", 256, null, null, 0, 108_000_000L, null).maxPixels()).isEqualTo(108_000_000);
        for (long wrong : new long[] {0, -1, 715_827_875}) {
            assertThatThrownBy(() -> new PrepOptions("in", "out", 256, null, null, 0, wrong, null))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("--max-pixels is " + wrong + ": must be from 1 to 715827874");
        }
    }

    @Test
    void everyOptionHasANameAndADescription() {
        for (RecordComponent component : PrepOptions.class.getRecordComponents()) {
            Option option = component.getAccessor().getAnnotation(Option.class);
            assertThat(option.names()).hasSize(1).allMatch(name -> name.startsWith("--"));
            assertThat(option.description()).hasSize(1);
        }
        assertThat(Arrays.stream(PrepOptions.class.getRecordComponents()).map(c -> c.getAccessor().getAnnotation(Option.class).names()[0]))
                .containsExactly("--input", "--output", "--size", "--load-size", "--resize", "--max-rejects", "--max-pixels", "--store");
    }
}
