package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.cpu.CpuKernels;
import io.ugatit.tensor.host.HostKernels;
import io.ugatit.tensor.nd4j.Nd4jKernels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Against Adam as PyTorch's documentation writes it, with weight decay in the gradient, in plain Java. */
class AdamTest {
    private static final double BETA1 = 0.5;
    private static final double BETA2 = 0.999;
    private static final double RATE = 1e-2;
    private static final double EPSILON = 1e-8;
    private final Random random = new Random(5);

    private record Vectors(INDArray parameters, INDArray gradients, INDArray firstMoments, INDArray secondMoments) {
        void update(HostKernels kernels, double decay, long step) {
            kernels.adam(parameters, gradients, firstMoments, secondMoments, new AdamStep(RATE, BETA1, BETA2, EPSILON, decay, step));
        }
    }

    /** Every implementation that works in single precision. */
    static List<HostKernels> single() {
        return List.of(new Nd4jKernels(DataType.FLOAT), new CpuKernels());
    }

    private double[] random(int length, double scale) {
        return random.doubles(length, -scale, scale).toArray();
    }

    private static void expect(double[] parameters, double[] gradients, double[] first, double[] second, double decay, long step) {
        for (int i = 0; i < parameters.length; i++) {
            double g = gradients[i] + decay * parameters[i];
            first[i] = BETA1 * first[i] + (1 - BETA1) * g;
            second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
            double firstCorrected = first[i] / (1 - Math.pow(BETA1, step));
            double secondCorrected = second[i] / (1 - Math.pow(BETA2, step));
            parameters[i] -= RATE * firstCorrected / (Math.sqrt(secondCorrected) + EPSILON);
        }
    }

    /** A view into the middle of a longer vector, as the graph's are. */
    private static INDArray view(INDArray whole, int length) {
        return whole.get(NDArrayIndex.interval(3, 3 + length));
    }

    private static Vectors range(DataType type, double[] parameters) {
        INDArray[] wholes = new INDArray[4];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = Nd4j.zeros(type, parameters.length + 5);
        }
        int length = parameters.length;
        view(wholes[0], length).assign(Nd4j.createFromArray(parameters).castTo(type));
        return new Vectors(view(wholes[0], length), view(wholes[1], length), view(wholes[2], length), view(wholes[3], length));
    }

    private void follow(HostKernels kernels, DataType type, int length, double gradientScale, double decay, int steps, double tolerance) {
        double[] parameters = random(length, 1);
        double[] first = new double[length];
        double[] second = new double[length];
        Vectors range = range(type, parameters);
        for (int step = 1; step <= steps; step++) {
            double[] gradients = random(length, gradientScale);
            expect(parameters, gradients, first, second, decay, step);
            range.gradients().assign(Nd4j.createFromArray(gradients).castTo(type));
            range.update(kernels, decay, step);
        }
        assertThat(range.parameters().toDoubleVector()).containsExactly(parameters, within(tolerance));
        assertThat(range.firstMoments().toDoubleVector()).containsExactly(first, within(tolerance * gradientScale));
        assertThat(range.secondMoments().toDoubleVector()).containsExactly(second, within(tolerance * gradientScale * gradientScale));
    }

    @Test
    void followsTheFormulaOverSeveralSteps() {
        follow(new Nd4jKernels(DataType.DOUBLE), DataType.DOUBLE, 37, 1, 0.1, 8, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("single")
    void followsTheFormulaInSinglePrecision(HostKernels kernels) {
        follow(kernels, DataType.FLOAT, 37, 1, 0.1, 8, 1e-5);
    }

    @Test
    void addsEpsilonToTheCorrectedMomentAsPyTorchDoes() {
        // gradients as small as epsilon: where it is added decides the update
        follow(new Nd4jKernels(DataType.DOUBLE), DataType.DOUBLE, 37, 1e-8, 0, 5, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("single")
    void addsEpsilonToTheCorrectedMomentInSinglePrecision(HostKernels kernels) {
        follow(kernels, DataType.FLOAT, 37, 1e-8, 0, 5, 1e-5);
    }

    @ParameterizedTest
    @MethodSource("single")
    void updatesVectorsOfSeveralParts(HostKernels kernels) {
        double[] parameters = new double[(1 << 22) + 2];
        Vectors range = range(DataType.FLOAT, parameters);
        range.gradients().assign(1);
        range.update(kernels, 0, 1);
        // the first update is the learning rate whatever the gradient is
        assertThat(range.parameters().minNumber().doubleValue()).isCloseTo(-RATE, within(1e-7));
        assertThat(range.parameters().maxNumber().doubleValue()).isCloseTo(-RATE, within(1e-7));
    }

    @Test
    void startsLateInATrainingAsAnyOther() {
        Vectors range = range(DataType.DOUBLE, new double[] {1});
        range.gradients().assign(2);
        range.firstMoments().assign(0.25);
        range.secondMoments().assign(0.5);
        double[] parameter = {1};
        expect(parameter, new double[] {2}, new double[] {0.25}, new double[] {0.5}, 1e-4, 1_000_000);
        range.update(new Nd4jKernels(DataType.DOUBLE), 1e-4, 1_000_000);
        assertThat(range.parameters().getDouble(0)).isCloseTo(parameter[0], within(1e-12));
    }
}
