package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.BufferPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The losses' values by hand and their gradients by central differences. */
class LossTest {
    private static final double STEP = 1e-5;

    @ParameterizedTest(name = "images {0} to {1} of 4, {2}x{2} patches")
    @CsvSource({"0,4,3", "0,2,3", "2,4,3", "0,1,1", "1,2,1", "3,4,1"})
    void meanSquareOfSomeImagesWritesTheirGradientOnly(int from, int to, int side) {
        INDArray x = Nd4j.rand(DataType.DOUBLE, 4, 1, side, side);
        INDArray dx = Nd4j.valueArrayOf(x.shape(), 7.0, DataType.DOUBLE);
        double loss = Loss.meanSquare(x, from, to, 0.25, 3, dx);
        double sum = 0;
        int pixels = side * side;
        INDArray flat = x.reshape(x.length());
        INDArray gradient = dx.reshape(x.length());
        for (int i = 0; i < x.length(); i++) {
            boolean inside = i / pixels >= from && i / pixels < to;
            double difference = flat.getDouble(i) - 0.25;
            sum += inside ? difference * difference : 0;
            assertThat(gradient.getDouble(i)).isCloseTo(inside ? 6 * difference / ((to - from) * pixels) : 7, within(1e-12));
        }
        assertThat(loss).isCloseTo(3 * sum / ((to - from) * pixels), within(1e-12));
    }

    @Test
    void meanSquareOfLogits() {
        double[] x = {0.5, -1, 2, 4};
        double[] dx = {9, 9, 9, 9};
        assertThat(Loss.meanSquare(x, 1, 3, 1, 10, dx)).isCloseTo(10 * (4 + 1) / 2.0, within(1e-12));
        assertThat(dx).containsExactly(new double[] {9, 10 * -2, 10, 9}, within(1e-12));
    }

    @Test
    void binaryCrossEntropyIsPyTorchsWithLogits() {
        double[] x = {0, 2, -3};
        Loss<double[]> loss = Loss.binaryCrossEntropy(x, 1, 5);
        double expected = 5 / 3.0 * (Math.log(2) + Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(3)));
        assertThat(loss.value()).isCloseTo(expected, within(1e-12));
        for (double target : new double[] {0, 1}) {
            Loss<double[]> at = Loss.binaryCrossEntropy(x, target, 5);
            for (int i = 0; i < x.length; i++) {
                double[] above = x.clone();
                double[] below = x.clone();
                above[i] += STEP;
                below[i] -= STEP;
                double slope = (Loss.binaryCrossEntropy(above, target, 5).value() - Loss.binaryCrossEntropy(below, target, 5).value())
                        / (2 * STEP);
                assertThat(at.gradient()[i]).isCloseTo(slope, within(1e-8));
            }
        }
    }

    @Test
    void binaryCrossEntropyOfHugeLogitsStaysFinite() {
        Loss<double[]> loss = Loss.binaryCrossEntropy(new double[] {1e4, -1e4}, 0, 1);
        assertThat(loss.value()).isCloseTo(5e3, within(1e-9));
        assertThat(loss.gradient()).containsExactly(new double[] {0.5, 0}, within(1e-12));
    }

    @Test
    void meanAbsoluteHasTheSignAsGradientAndNoneWhereEqual() {
        BufferPool pool = new BufferPool(DataType.DOUBLE);
        INDArray x = Nd4j.createFromArray(1.0, -2, 3, 0).reshape(1, 1, 2, 2);
        INDArray y = Nd4j.createFromArray(0.5, -2, 5, 1).reshape(1, 1, 2, 2);
        Loss<INDArray> loss = Loss.meanAbsolute(x, y, 8, pool);
        assertThat(loss.value()).isCloseTo(8 * 3.5 / 4, within(1e-12));
        assertThat(loss.gradient().reshape(4).toDoubleVector()).containsExactly(2, 0, -2, -2);
        assertThat(x.getDouble(0)).as("the prediction is only read").isEqualTo(1);
        pool.release(loss.gradient());
        assertThat(pool.takenBytes()).isZero();
    }

    @Test
    void notANumberIsALossThatIsNotANumber() {
        INDArray x = Nd4j.createFromArray(1.0, Double.NaN).reshape(1, 1, 1, 2);
        INDArray y = Nd4j.zeros(DataType.DOUBLE, 1, 1, 1, 2);
        assertThat(Loss.meanAbsolute(x, y, 1, new BufferPool(DataType.DOUBLE)).value()).isNaN();
        assertThat(Loss.meanSquare(x, 0, 1, 0, 1, y)).isNaN();
        assertThat(Loss.meanSquare(new double[] {Double.NaN}, 0, 1, 0, 1, new double[1])).isNaN();
        assertThat(Loss.binaryCrossEntropy(new double[] {Double.NaN}, 0, 1).value()).isNaN();
    }
}
