package io.ugatit.cluster.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.TrainOptions;
import io.ugatit.job.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentsPolicyTest {
    @ParameterizedTest
    @CsvSource({"1, 10, AVERAGE", "1, 1000, AVERAGE", "2, 1, AVERAGE", "2, 9, AVERAGE", "2, 10, COMPACT", "3, 11, COMPACT", "64, 500, COMPACT"})
    void severalWorkersAverageCompactMomentsUnlessRoundsAreShort(int workers, int frequency, MomentsPolicy usual) {
        assertThat(options("" + workers, "" + frequency).moments()).isEqualTo(usual);
    }

    @ParameterizedTest
    @CsvSource({"1, compact, COMPACT", "2, average, AVERAGE", "2, reset, RESET"})
    void whatIsAskedForIsDone(String workers, String moments, MomentsPolicy expected) {
        assertThat(options(workers, "10", "--moments", moments).moments()).isEqualTo(expected);
    }

    private static TrainOptions options(String workers, String frequency, String... more) {
        String[] words = new String[8 + more.length];
        System.arraycopy(new String[] {"--data", "d", "--run", "r", "--workers", workers, "--averaging-frequency", frequency}, 0, words, 0, 8);
        System.arraycopy(more, 0, words, 8, more.length);
        return Options.parse(TrainOptions.class, words);
    }
}
