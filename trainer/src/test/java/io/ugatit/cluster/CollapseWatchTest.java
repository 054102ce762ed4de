package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.cluster.rounds.Glimpse;
import io.ugatit.model.DivergedException;
import io.ugatit.model.Network;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CollapseWatchTest {
    /** Of a glimpse: ten pixels of three colours. */
    private static final int VALUES = 30;
    private final Random random = new Random(1);
    private final CollapseWatch watch = new CollapseWatch();

    /** Pixels that differ by about so much from image to image. */
    private short[] pixels(double spread) {
        return each(i -> (int) Math.round(Short.MAX_VALUE * Math.min(1, Math.max(-1, spread * random.nextGaussian()))));
    }

    private Glimpse glimpse(Network generator, long step, double translated, double target) {
        return new Glimpse(generator, step, pixels(0.3), pixels(translated), pixels(target));
    }

    private List<Glimpse> round(long first, long last, LongUnaryOperator thousandths) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(step -> glimpse(Network.GEN_B2A, step, thousandths.applyAsLong(step) / 1000.0, 0.3)).toList();
    }

    @Test
    void aGeneratorWhoseTranslationsAreAllAlikeIsNamedWithTheSteps() {
        assertThatThrownBy(() -> watch.look(round(11, 20, step -> 0))).isInstanceOf(DivergedException.class).hasMessageMatching(
                "genB2A draws the same picture whatever it is given: its translations of steps 13 to 20 differ by 0\\.0, the images by 0\\.2\\d:"
                        + " a lower --lr or a higher --cycle-weight may help");
    }

    @Test
    void paleButDifferentTranslationsAreSound() {
        assertThatCode(() -> watch.look(round(1, 20, step -> 5))).doesNotThrowAnyException();
        assertThatThrownBy(() -> watch.look(round(21, 40, step -> 1))).isInstanceOf(DivergedException.class);
    }

    @Test
    void shortRoundsAreLookedAtTogetherAndFewImagesProveNothing() {
        for (long step = 1; step <= 3; step++) {
            long now = step;
            assertThatCode(() -> watch.look(round(now, now, any -> 0))).doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> watch.look(round(4, 4, any -> 0))).isInstanceOf(DivergedException.class).hasMessageContaining("steps 1 to 4");
    }

    @Test
    void aDomainOfImagesThatAreAllAlikeMayBeWhatIsWanted() {
        for (long step = 1; step <= 10; step++) {
            Glimpse glimpse = glimpse(Network.GEN_A2B, step, 0.001, 0.002);
            assertThatCode(() -> watch.look(List.of(glimpse))).doesNotThrowAnyException();
        }
    }

    /** Glimpses of eight steps whose translations are the same to the last bit. */
    private List<Glimpse> sameTranslationOf(IntFunction<short[]> source) {
        short[] translation = pixels(0.3);
        return IntStream.rangeClosed(1, 8).mapToObj(step -> new Glimpse(Network.GEN_A2B, step, source.apply(step), translation, pixels(0.3)))
                .toList();
    }

    private static short[] each(IntUnaryOperator value) {
        short[] pixels = new short[VALUES];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) value.applyAsInt(i);
        }
        return pixels;
    }

    @Test
    void flatPicturesOfAnyColourAreTheSameToAGenerator() {
        assertThatCode(() -> watch.look(sameTranslationOf(step -> each(i -> 3000 * step * (i % 3 - 1))))).doesNotThrowAnyException();
    }

    @Test
    void onePictureAtSeveralBrightnessesAndContrastsIsTheSameToAGenerator() {
        short[] picture = pixels(0.2);
        assertThatCode(() -> watch.look(sameTranslationOf(step -> each(i -> picture[i] * step / 8 + 500 * step)))).doesNotThrowAnyException();
    }

    @Test
    void twoPicturesAmongFlatOnesProveThatTranslationsShouldDiffer() {
        short[] some = pixels(0.3);
        short[] other = pixels(0.3);
        assertThatThrownBy(() -> watch.look(sameTranslationOf(step -> step == 3 ? some : step == 5 ? other : each(i -> 1000 * step))))
                .isInstanceOf(DivergedException.class).hasMessageStartingWith("genA2B draws the same picture whatever it is given");
    }
}
