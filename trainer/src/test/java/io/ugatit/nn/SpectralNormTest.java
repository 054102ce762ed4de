package io.ugatit.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.host.HostTensor;
import io.ugatit.tensor.host.PowerIteration;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SpectralNormTest {
    private final GradientCheck check = new GradientCheck(3);

    private Tensor direction(long length) {
        INDArray vector = check.random(length);
        PowerIteration.normalize(vector);
        return new HostTensor(vector);
    }

    private double sigma(SpectralNorm norm) {
        return check.compute().kernels().read(norm.pair().sigma())[0];
    }

    @Test
    void oneIterationIsVThenUFromTheNewV() {
        // W = (3 0 4; 0 2 0), u = (1, 0): W'u = (3, 0, 4), of length 5; W v = (5, 0)
        Variable weights = new Variable(Nd4j.createFromArray(3.0, 0, 4, 0, 2, 0).reshape(2, 3, 1, 1), null);
        INDArray u = Nd4j.createFromArray(1.0, 0);
        INDArray v = Nd4j.createFromArray(0.0, 1, 0);
        SpectralNorm norm = new SpectralNorm(check.compute(), weights.parameter(), new HostTensor(u), new HostTensor(v));
        assertThat(sigma(norm)).as("before: u'Wv").isZero();
        norm.iterate();
        assertThat(v.toDoubleVector()).containsExactly(new double[] {0.6, 0, 0.8}, within(1e-12));
        assertThat(u.toDoubleVector()).containsExactly(new double[] {1, 0}, within(1e-12));
        assertThat(sigma(norm)).isCloseTo(5, within(1e-12));
    }

    @Test
    void afterAnIterationSigmaIsTheSameFromTheIterationAndFromTheWeights() {
        Variable weights = new Variable(check.random(3, 2, 2, 1), null);
        SpectralNorm norm = new SpectralNorm(check.compute(), weights.parameter(), direction(3), direction(4));
        norm.iterate();
        double found = sigma(norm);
        assertThat(sigma(norm)).isCloseTo(found, within(1e-12));
        weights.value().muli(2);
        assertThat(sigma(norm)).as("of weights that changed").isCloseTo(2 * found, within(1e-12));
    }

    @Test
    void iterationsReachTheLargestSingularValue() {
        Variable weights = new Variable(Nd4j.createFromArray(1.0, 2, 3, 4, 5, 6, 7, 8).reshape(2, 1, 2, 2), null);
        SpectralNorm norm = new SpectralNorm(check.compute(), weights.parameter(), direction(2), direction(4));
        for (int i = 0; i < 50; i++) {
            norm.iterate();
        }
        // the eigenvalues of W W' = (30 70; 70 174) are 102 +- sqrt(72^2 + 70^2)
        assertThat(sigma(norm)).isCloseTo(Math.sqrt(102 + Math.sqrt(72 * 72 + 70 * 70)), within(1e-9));
    }

    @Test
    void aVectorOfZeroStaysZero() {
        INDArray zero = Nd4j.zeros(DataType.FLOAT, 3);
        PowerIteration.normalize(zero);
        assertThat(zero.toDoubleVector()).containsOnly(0);
    }
}
