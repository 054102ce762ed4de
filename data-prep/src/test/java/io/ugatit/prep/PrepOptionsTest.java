package io.ugatit.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.Fit;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.prep.source.ImageTableOptions;
import io.ugatit.prep.source.TableOptions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
        assertThat(parse("--input", "in", "--max-pixels", "108000000").maxPixels()).isEqualTo(108_000_000);
        for (long wrong : new long[] {0, -1, 715_827_875}) {
            assertThatThrownBy(() -> parse("--input", "in", "--max-pixels=" + wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("--max-pixels is " + wrong + ": must be from 1 to 715827874");
        }
    }

    @Test
    void aFileHasAMinuteUnlessToldOtherwise() {
        assertThat(parse("--input", "in").fileSeconds()).isEqualTo(60);
        assertThat(parse("--input", "in", "--file-seconds", "5").fileSeconds()).isEqualTo(5);
        for (int wrong : new int[] {0, -1, 86_401}) {
            assertThatThrownBy(() -> parse("--input", "in", "--file-seconds=" + wrong)).isInstanceOf(InvalidRequestException.class)
                    .hasMessage("--file-seconds is " + wrong + ": must be from 1 to 86400");
        }
    }

    @Test
    void theImagesAreInFilesOrInATable() {
        assertThat(parse("--input-table", "t", "--domain-column", "d").table())
                .isEqualTo(new TableOptions(new ImageTableOptions("t", "parquet", "image", null), "d", null));
        assertThatThrownBy(() -> parse()).hasMessage("--input is missing: must be a folder");
        assertThatThrownBy(() -> parse("--input", "in", "--input-table", "t", "--domain-column", "d"))
                .hasMessage("--input is in and --input-table t: must be one of them");
        assertThatThrownBy(() -> parse("--input-table", "t"))
                .hasMessage("--domain-column is missing: must be the column of --input-table that says A or B");
        assertThatThrownBy(() -> parse("--input-table", " ", "--domain-column", "d"))
                .hasMessage("--input-table is empty: must be a path or a table of Spark's catalog");
        assertThatThrownBy(() -> parse("--input", "in", "--name-column", "n"))
                .hasMessage("--name-column is n: goes with --input-table, which is missing");
    }

    private static PrepOptions parse(String... words) {
        return Options.parse(PrepOptions.class, Stream.concat(Stream.of(words), Stream.of("--output", "out")).toArray(String[]::new));
    }

    @Test
    void everyOptionHasANameAndADescription() {
        List<Option> options = Stream.of(PrepOptions.class, ImageTableOptions.class, TableOptions.class).flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(component -> component.getAccessor().getAnnotation(Option.class)).filter(Objects::nonNull).toList();
        for (Option option : options) {
            assertThat(option.names()).hasSize(1).allMatch(name -> name.startsWith("--"));
            assertThat(option.description()).hasSize(1);
        }
        assertThat(options.stream().map(option -> option.names()[0]))
                .containsExactly("--input", "--output", "--size", "--load-size", "--resize", "--max-rejects", "--max-pixels",
                        "--store", "--mirror", "--near-duplicates", "--file-seconds", "--rejects", "--input-table",
                        "--input-table-format", "--image-column", "--name-column", "--domain-column", "--split-column");
    }
}
