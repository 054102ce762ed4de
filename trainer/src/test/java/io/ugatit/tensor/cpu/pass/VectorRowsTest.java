package io.ugatit.tensor.cpu.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Arithmetic on rows of floats. */
class VectorRowsTest {

    @Test
    void tanhIsThatOfDoublePrecisionToHalfAMillionth() {
        int count = 200_003;
        ByteBuffer row = ByteBuffer.allocateDirect((count + 1) * Float.BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            row.putFloat(i * Float.BYTES, at(i));
        }
        row.putFloat(count * Float.BYTES, 7);
        VectorRows.tanh(row, 0, count);
        for (int i = 0; i < count; i++) {
            double expected = Math.tanh(at(i));
            assertThat((double) row.getFloat(i * Float.BYTES)).as("tanh(%s)", at(i)).isCloseTo(expected, within(5e-7 * Math.abs(expected)));
        }
        assertThat(row.getFloat(count * Float.BYTES)).as("what comes after the row").isEqualTo(7);
    }

    /** From -20 to 20, thickest around 0. */
    private static float at(int i) {
        double side = (i - 100_001) / 100_001.0;
        return (float) (20 * side * side * side);
    }

    @Test
    void tanhOfInfinityIsOneAndOfNotANumberIsNone() {
        float[] values = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.MAX_VALUE, 0};
        ByteBuffer row = ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        row.asFloatBuffer().put(values);
        VectorRows.tanh(row, 0, values.length);
        float[] actual = new float[values.length];
        row.asFloatBuffer().get(actual);
        assertThat(actual).containsExactly(1, -1, Float.NaN, 1, 0);
    }
}
