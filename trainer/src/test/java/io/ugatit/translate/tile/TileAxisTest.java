package io.ugatit.translate.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.image.RgbImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How tiles cover a picture, and what becomes of them. */
class TileAxisTest {
    private static final int SIZE = 64;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 63, 64, 65, 66, 90, 104, 105, 128, 129, 144, 145, 200, 1000, 1001, 4096})
    void sharesAddUpToOneEverywhereAndTilesStayInside(int length) {
        TileAxis axis = new TileAxis(length, SIZE);
        double[] sums = new double[length];
        int[] tiles = new int[length];
        for (int tile = 0; tile < axis.count(); tile++) {
            assertThat(axis.from(tile)).isGreaterThanOrEqualTo(axis.start(tile));
            assertThat(axis.to(tile)).isLessThanOrEqualTo(axis.start(tile) + SIZE);
            if (length >= SIZE) {
                assertThat(axis.start(tile)).isBetween(0, length - SIZE);
            }
            float[] shares = axis.shares(tile);
            for (int i = 0; i < shares.length; i++) {
                assertThat(shares[i]).isGreaterThan(0).isLessThanOrEqualTo(1);
                sums[axis.from(tile) + i] += shares[i];
                tiles[axis.from(tile) + i]++;
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat(sums[i]).isCloseTo(1, within(1e-6));
            assertThat(tiles[i]).isBetween(1, 2);
        }
    }

    @Test
    void whatATileKnowsOnlyByItsBorderHasNoShare() {
        TileAxis axis = new TileAxis(1000, SIZE);
        for (int tile = 1; tile < axis.count(); tile++) {
            assertThat(axis.start(tile - 1) + SIZE - axis.start(tile)).isGreaterThanOrEqualTo(3 * SIZE / 8);
            assertThat(axis.from(tile) - axis.start(tile)).isGreaterThanOrEqualTo(SIZE / 16);
            assertThat(axis.start(tile - 1) + SIZE - axis.to(tile - 1)).isGreaterThanOrEqualTo(SIZE / 16);
        }
    }

    @Test
    void theOneTileOfALittlePictureIsAroundIt() {
        TileAxis axis = new TileAxis(41, SIZE);
        assertThat(axis.count()).isEqualTo(1);
        assertThat(axis.start(0)).isEqualTo(-12);
        assertThat(new TileAxis(SIZE, SIZE).start(0)).isZero();
    }

    @Test
    void beyondItsEdgesAPictureIsMirrored() {
        assertThat(Arrays.stream(new int[] {-5, -4, -3, -2, -1, 0, 1, 2, 3, 4}).map(at -> TileTranslator.mirrored(at, 3)))
                .containsExactly(1, 0, 1, 2, 1, 0, 1, 2, 1, 0);
        assertThat(TileTranslator.mirrored(-7, 1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 64, 100, 333})
    void tilesThatAgreeAreBlendedIntoWhatTheyWereCutFrom(int length) {
        TileAxis across = new TileAxis(length, SIZE);
        TileAxis down = new TileAxis(length / 2, SIZE);
        TileBlend blend = new TileBlend(across, down);
        for (int row = 0; row < down.count(); row++) {
            for (int column = 0; column < across.count(); column++) {
                float[] planes = new float[3 * SIZE * SIZE];
                for (int i = 0; i < planes.length; i++) {
                    int x = across.start(column) + i % SIZE;
                    int y = down.start(row) + i / SIZE % SIZE;
                    planes[i] = level(x, y, i / (SIZE * SIZE)) / 127.5f - 1;
                }
                blend.add(column, row, planes);
            }
            blend.finish(row);
        }
        RgbImage image = blend.image();
        assertThat(image.width()).isEqualTo(length);
        assertThat(image.height()).isEqualTo(length / 2);
        for (int i = 0; i < image.pixels().length; i++) {
            assertThat(Byte.toUnsignedInt(image.pixels()[i])).isEqualTo(level(i / 3 % length, i / 3 / length, i % 3));
        }
    }

    private static int level(int x, int y, int c) {
        return 7 * x + 13 * y + 50 * c & 0xff;
    }

    @Test
    void aBlendHoldsThePictureAndOneRowOfTilesAsFloats() {
        assertThat(TileBlend.bytes(new TileAxis(10_000, SIZE), new TileAxis(9_000, SIZE))).isEqualTo(3L * 90_000_000 + 12L * 10_000 * SIZE);
        assertThat(TileBlend.bytes(new TileAxis(10_000, SIZE), new TileAxis(3, SIZE))).isEqualTo(15L * 30_000);
    }
}
