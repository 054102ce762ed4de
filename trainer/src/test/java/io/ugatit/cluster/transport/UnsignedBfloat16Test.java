package io.ugatit.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsignedBfloat16Test {
    private static float again(float value, int salt) {
        return UnsignedBfloat16.value(UnsignedBfloat16.round(value, salt));
    }

    @Test
    void everyNumberStaysItselfWhateverIsDrawn() {
        for (int bits = 0; bits <= 0xFFFF; bits++) {
            short number = (short) bits;
            assertThat(UnsignedBfloat16.round(UnsignedBfloat16.value(number), bits * 31)).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1, 1.00390625f, Float.MIN_NORMAL, 0x1p-134f, 0x1.ffp127f, Float.POSITIVE_INFINITY, Float.NaN})
    void theseNumbersAreExact(float value) {
        assertThat(again(value, 5)).isEqualTo(Float.valueOf(value));
    }

    @Test
    void aNumberGoesToOneOfItsNeighboursWhichAreA256thApart() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt(Float.floatToRawIntBits(0x1.ffp127f)));
            float below = Float.intBitsToFloat(Float.floatToRawIntBits(value) >>> 15 << 15);
            float above = Float.intBitsToFloat((Float.floatToRawIntBits(value) >>> 15) + 1 << 15);
            assertThat(again(value, i)).isIn(below, above);
            if (value >= Float.MIN_NORMAL) {
                assertThat((above - below) / value).isLessThanOrEqualTo(1f / 256);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1.0001f, 1.00195f, 3.14159e-9f, 1e-40f, 7.77e20f})
    void theMeanOfManyRoundingsIsTheNumber(float value) {
        double sum = 0;
        for (int step = 1; step <= 100_000; step++) {
            sum += again(value, UnsignedBfloat16.salt(step));
        }
        assertThat(sum / 100_000 / value).isCloseTo(1, within(value < Float.MIN_NORMAL ? 1e-3 : 2e-5));
    }

    /** To the nearest, none of these would change: a thousandth is less than half the step between two numbers. */
    @Test
    void whatLosesAThousandthAStepBecomesAsSmallAsItShould() {
        int numbers = 1000;
        double sum = 0;
        for (int i = 0; i < numbers; i++) {
            float value = again(1 + i / 1000f, 0);
            float first = value;
            for (int step = 1; step <= 1000; step++) {
                value = again(0.999f * value, UnsignedBfloat16.salt(step));
            }
            sum += value / first;
        }
        assertThat(sum / numbers).isCloseTo(Math.pow(0.999, 1000), within(0.005));
    }

    @Test
    void whatIsNoFiniteNumberIsNotLost() {
        assertThat(UnsignedBfloat16.isFinite(UnsignedBfloat16.round(Float.MAX_VALUE / 2, 1))).isTrue();
        assertThat(UnsignedBfloat16.isFinite(UnsignedBfloat16.round(0, 1))).isTrue();
        for (int salt = 0; salt < 100; salt++) {
            assertThat(UnsignedBfloat16.isFinite(UnsignedBfloat16.round(Float.POSITIVE_INFINITY, salt))).isFalse();
            assertThat(UnsignedBfloat16.isFinite(UnsignedBfloat16.round(Float.intBitsToFloat(0x7fffffff), salt))).isFalse();
            assertThat(UnsignedBfloat16.isFinite(UnsignedBfloat16.round(Float.intBitsToFloat(0xffc00000), salt))).as("x86's NaN").isFalse();
            assertThat(UnsignedBfloat16.isFinite(UnsignedBfloat16.round(Float.intBitsToFloat(0x7f800001), salt))).isFalse();
        }
    }
}
