package io.ugatit.translate.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionOptionsTest {
    private static final List<Integer> IMAGES = IntStream.range(0, 1000).boxed().toList();

    @Test
    void withoutASeedTheFirstAreChosen() {
        assertThat(new SelectionOptions(3, null, false).choose(IMAGES)).containsExactly(0, 1, 2);
        assertThat(new SelectionOptions(5000, 1L, false).choose(IMAGES)).isEqualTo(IMAGES);
        assertThat(SelectionOptions.DEFAULT.choose(IMAGES)).isEqualTo(IMAGES);
    }

    @Test
    void aSeedChoosesFromAllOverInTheirOrderAndTheSameAgain() {
        List<Integer> chosen = new SelectionOptions(100, 7L, false).choose(IMAGES);
        assertThat(chosen).hasSize(100).isSorted().doesNotHaveDuplicates().isEqualTo(new SelectionOptions(100, 7L, false).choose(IMAGES));
        assertThat(chosen.stream().filter(image -> image < 500).count()).isBetween(35L, 65L);
        assertThat(new SelectionOptions(100, 8L, false).choose(IMAGES)).isNotEqualTo(chosen);
        assertThat(new SelectionOptions(50, 7L, false).choose(IMAGES)).isSubsetOf(chosen);
    }

    @Test
    void aSeedWithoutALimitAndALimitOfNoneAreRefused() {
        assertThatThrownBy(() -> Options.parse(SelectionOptions.class, "--sample", "1")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--sample is for --limit only: say how many images with that, or leave --sample out");
        assertThatThrownBy(() -> Options.parse(SelectionOptions.class, "--limit", "0")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--limit is 0: must be at least 1");
    }
}
