package io.ugatit.tensor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.LossKernels.Ramp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The losses' values by hand and their gradients by central differences. */
class LossesTest {
    private static final double STEP = 1e-5;

    @ParameterizedTest(name = "{0} values")
    @CsvSource({"1", "9", "36"})
    void meanSquareWritesItsGradient(int length) {
        INDArray x = Nd4j.rand(DataType.DOUBLE, length);
        INDArray dx = Nd4j.valueArrayOf(x.shape(), 7.0, DataType.DOUBLE);
        double loss = Losses.meanSquare(x, 0.25, 3, dx);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double difference = x.getDouble(i) - 0.25;
            sum += difference * difference;
            assertThat(dx.getDouble(i)).isCloseTo(6 * difference / length, within(1e-12));
        }
        assertThat(loss).isCloseTo(3 * sum / length, within(1e-12));
    }

    @Test
    void meanSquareOfLogits() {
        double[] x = {0.5, -1, 2, 4};
        double[] dx = {9, 9, 9, 9};
        assertThat(Losses.meanSquare(x, 1, 3, 1, 10, dx)).isCloseTo(10 * (4 + 1) / 2.0, within(1e-12));
        assertThat(dx).containsExactly(new double[] {9, 10 * -2, 10, 9}, within(1e-12));
    }

    @Test
    void aHingeIsZeroBeyondItsMarginAndALineNever() {
        double[] x = {9, 0.5, 1, 3, -2, 9};
        double[] dx = {7, 7, 7, 7, 7, 7};
        assertThat(Losses.meanRamp(x, 1, 5, Ramp.hinge(-1), 8, dx)).isCloseTo(8 * (0.5 + 0 + 0 + 3) / 4, within(1e-12));
        assertThat(dx).containsExactly(7, -2, 0, 0, -2, 7);
        assertThat(Losses.meanRamp(x, 1, 5, Ramp.hinge(1), 8, dx)).isCloseTo(8 * (1.5 + 2 + 4 + 0) / 4, within(1e-12));
        assertThat(dx).containsExactly(7, 2, 2, 2, 0, 7);
        assertThat(Losses.meanRamp(x, 1, 5, Ramp.line(1), -8, dx)).isCloseTo(-8 * 2.5 / 4, within(1e-12));
        assertThat(dx).containsExactly(7, -2, -2, -2, -2, 7);
    }

    @Test
    void aLengthErrorIsTheMeanOverTheImagesAndPullsEveryLengthToOne() {
        double[] x = {3, 4, 0, 0, 0.3, -0.4};
        double[] dx = new double[6];
        assertThat(Losses.meanLengthError(x, 3, 10, dx)).isCloseTo(10 * (16 + 1 + 0.25) / 3, within(1e-12));
        double ofFirst = 20.0 / 3 * (1 - 1 / 5.0);
        double ofLast = 20.0 / 3 * (1 - 1 / 0.5);
        assertThat(dx).containsExactly(new double[] {3 * ofFirst, 4 * ofFirst, 0, 0, 0.3 * ofLast, -0.4 * ofLast}, within(1e-12));
    }

    @Test
    void binaryCrossEntropyIsPyTorchsWithLogits() {
        double[] x = {0, 2, -3};
        double[] dx = new double[3];
        double expected = 5 / 3.0 * (Math.log(2) + Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(3)));
        assertThat(Losses.binaryCrossEntropy(x, 1, 5, dx)).isCloseTo(expected, within(1e-12));
        for (double target : new double[] {0, 1}) {
            Losses.binaryCrossEntropy(x, target, 5, dx);
            for (int i = 0; i < x.length; i++) {
                double[] above = x.clone();
                double[] below = x.clone();
                above[i] += STEP;
                below[i] -= STEP;
                double slope = (Losses.binaryCrossEntropy(above, target, 5, new double[3])
                        - Losses.binaryCrossEntropy(below, target, 5, new double[3])) / (2 * STEP);
                assertThat(dx[i]).isCloseTo(slope, within(1e-8));
            }
        }
    }

    @Test
    void binaryCrossEntropyOfHugeLogitsStaysFinite() {
        double[] dx = new double[2];
        assertThat(Losses.binaryCrossEntropy(new double[] {1e4, -1e4}, 0, 1, dx)).isCloseTo(5e3, within(1e-9));
        assertThat(dx).containsExactly(new double[] {0.5, 0}, within(1e-12));
    }

    @Test
    void meanAbsoluteHasTheSignAsGradientAndNoneWhereEqual() {
        INDArray x = Nd4j.createFromArray(1.0, -2, 3, 0).reshape(1, 1, 2, 2);
        INDArray y = Nd4j.createFromArray(0.5, -2, 5, 1).reshape(1, 1, 2, 2);
        INDArray dx = Nd4j.create(DataType.DOUBLE, 1, 1, 2, 2);
        assertThat(Losses.meanAbsolute(x, y, 8, dx)).isCloseTo(8 * 3.5 / 4, within(1e-12));
        assertThat(dx.reshape(4).toDoubleVector()).containsExactly(2, 0, -2, -2);
        assertThat(x.getDouble(0)).as("the prediction is only read").isEqualTo(1);
    }

    @Test
    void notANumberIsALossThatIsNotANumber() {
        INDArray x = Nd4j.createFromArray(1.0, Double.NaN).reshape(1, 1, 1, 2);
        INDArray y = Nd4j.zeros(DataType.DOUBLE, 1, 1, 1, 2);
        assertThat(Losses.meanAbsolute(x, y, 1, x.dup())).isNaN();
        assertThat(Losses.meanSquare(x, 0, 1, y)).isNaN();
        assertThat(Losses.meanSquare(new double[] {Double.NaN}, 0, 1, 0, 1, new double[1])).isNaN();
        assertThat(Losses.binaryCrossEntropy(new double[] {Double.NaN}, 0, 1, new double[1])).isNaN();
        assertThat(Losses.meanRamp(new double[] {Double.NaN}, 0, 1, Ramp.hinge(1), 1, new double[1])).isNaN();
        assertThat(Losses.meanLengthError(new double[] {Double.NaN}, 1, 1, new double[1])).isNaN();
    }
}
