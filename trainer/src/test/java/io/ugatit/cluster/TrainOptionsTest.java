package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;
import io.ugatit.model.NetworkOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that do not go with the networks' sizes. */
class TrainOptionsTest {
    private static void require(int size, int ch, int batch, String kernels) {
        TrainOptions options = Options.parse(TrainOptions.class, "--data", "d", "--run", "r", "--batch", String.valueOf(batch), "--kernels",
                kernels);
        options.requireFor(new NetworkOptions(size, ch, 4, true, false, 3, 3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2048 | 8  | 171  | auto | --batch is 171: must be at most 170 at --size 2048, since a domain's images of a step are read into one array",
        "1024 | 8  | 1024 | nd4j | --batch is 1024: must be at most 682 at --size 1024, since a domain's images of a step are read into one array",
        "2048 | 64 | 1    | cpu  | --kernels is cpu, which reaches 2147483647 bytes of a feature map, but the largest takes 2151680000: give"
                + " --kernels nd4j, or make size, batch or channels smaller"})
    void batchesThatAreTooLargeAreRefusedWithWhatWouldBeRight(int size, int ch, int batch, String kernels, String message) {
        assertThatThrownBy(() -> require(size, ch, batch, kernels)).isInstanceOf(InvalidRequestException.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"2048, 8, 170, auto", "2048, 64, 1, auto", "2048, 64, 1, nd4j", "2044, 64, 1, cpu", "256, 64, 63, cpu", "16, 64, 1024, cpu"})
    void batchesThatFitAreNot(int size, int ch, int batch, String kernels) {
        assertThatCode(() -> require(size, ch, batch, kernels)).doesNotThrowAnyException();
    }
}
