package io.ugatit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkOptionsTest {

    private static NetworkOptions options(int size, int ch, int resBlocks, int globalLayers, int localLayers) {
        return new NetworkOptions(size, ch, resBlocks, true, false, globalLayers, localLayers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "12  | 64  | 4  | 3  | 3  | --size is 12: must be a multiple of 4 from 16 to 2048",
        "18  | 64  | 4  | 3  | 3  | --size is 18: must be a multiple of 4 from 16 to 2048",
        "2052| 64  | 4  | 3  | 3  | --size is 2052: must be a multiple of 4 from 16 to 2048",
        "256 | 0   | 4  | 7  | 5  | --ch is 0: must be from 1 to 512",
        "256 | 513 | 4  | 7  | 5  | --ch is 513: must be from 1 to 512",
        "256 | 64  | 0  | 7  | 5  | --res-blocks is 0: must be from 1 to 32",
        "256 | 64  | 33 | 7  | 5  | --res-blocks is 33: must be from 1 to 32",
        "256 | 64  | 4  | 2  | 5  | --global-layers is 2: must be from 3 to 11",
        "2048| 64  | 4  | 12 | 5  | --global-layers is 12: must be from 3 to 11",
        "256 | 64  | 4  | 7  | -1 | --local-layers is -1: must be from 3 to 11",
        "64  | 64  | 4  | 7  | 5  | --global-layers is 7: needs --size 96 or more; at --size 64 at most 6 layers work",
        "16  | 64  | 4  | 4  | 5  | --local-layers is 5: needs --size 24 or more; at --size 16 at most 4 layers work"})
    void aRefusalNamesTheOptionAndWhatWouldBeRight(int size, int ch, int resBlocks, int globalLayers, int localLayers, String message) {
        assertThatThrownBy(() -> options(size, ch, resBlocks, globalLayers, localLayers)).isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }

    @ParameterizedTest(name = "--size {0}, --ch {1}, {2} images")
    @CsvSource({"2048, 64, 1, 2151680000", "1024, 64, 4, 2155880448", "256, 64, 1, 34080768", "2048, 60, 1, 2151680000", "16, 4, 2, 61952",
        "2048, 512, 1024, 17626562560000"})
    void theLargestMapHasTheBorderAndTheSurplusChannels(int size, int ch, int images, long bytes) {
        assertThat(options(size, ch, 4, 3, 3).largestMapBytes(images)).isEqualTo(bytes);
    }

    @Test
    void lightAndFullExcludeEachOther() {
        assertThatThrownBy(() -> new NetworkOptions(256, 64, 4, true, true, 7, 5)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--light and --full exclude each other: give one of them");
    }

    @Test
    void withoutEitherTheGeneratorIsLight() {
        assertThat(new NetworkOptions(256, 64, 4, false, false, 7, 5)).isEqualTo(NetworkOptions.DEFAULT);
        assertThat(new NetworkOptions(256, 64, 4, false, true, 7, 5).light()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"16,4", "24,5", "64,6", "96,7", "256,8", "2048,11"})
    void theMostLayersThatFitASizeAreAccepted(int size, int layers) {
        assertThatCode(() -> options(size, 64, 4, layers, 3)).doesNotThrowAnyException();
    }

    @Test
    void aChoiceFillsItsGapsFromOthers() {
        NetworkOptions others = new NetworkOptions(128, 8, 2, false, true, 5, 4);
        assertThat(NetworkChoice.NONE.orElse(others)).isEqualTo(others);
        assertThat(new NetworkChoice(64, null, 3, true, false, null, 3).orElse(others))
                .isEqualTo(new NetworkOptions(64, 8, 3, true, false, 5, 3));
        assertThatThrownBy(() -> new NetworkChoice(64, null, null, true, true, null, null).orElse(others))
                .hasMessageContaining("--light and --full");
    }
}
