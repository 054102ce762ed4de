package io.ugatit.tensor.host;

import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A batch's gamma and beta, N*C each.
 *
 * @param gamma factors
 * @param beta summands
 * @param dGamma gradient of gamma
 * @param dBeta gradient of beta
 */
public record HostModulation(double[] gamma, double[] beta, double[] dGamma, double[] dBeta) implements Modulation {

    /** With gradients of zero. */
    HostModulation(double[] gamma, double[] beta) {
        this(gamma, beta, new double[gamma.length], new double[beta.length]);
    }

    /** Of (N,C). */
    static HostModulation of(INDArray gamma, INDArray beta) {
        return new HostModulation(values(gamma), values(beta));
    }

    private static double[] values(INDArray matrix) {
        return matrix.dup('c').reshape(matrix.length()).toDoubleVector();
    }

    /** Of (1,C,1,1), the same for each of the batch's images. */
    static HostModulation of(Parameter gamma, Parameter beta, int images) {
        return new HostModulation(repeat(HostParameters.toArray(gamma), images), repeat(HostParameters.toArray(beta), images));
    }

    /** Adds the gradients, summed over the batch, to those of the parameters. */
    void addTo(Parameter gamma, Parameter beta) {
        HostParameters.addGradient(gamma, sumOverBatch(dGamma, (int) gamma.value().length()));
        HostParameters.addGradient(beta, sumOverBatch(dBeta, (int) beta.value().length()));
    }

    /** The same C values for each of the batch's images: N*C. */
    static double[] repeat(double[] values, int images) {
        double[] repeated = new double[values.length * images];
        for (int i = 0; i < images; i++) {
            System.arraycopy(values, 0, repeated, i * values.length, values.length);
        }
        return repeated;
    }

    /** Sums over the batch: N*C values to C. */
    static double[] sumOverBatch(double[] values, int channels) {
        double[] sums = new double[channels];
        for (int i = 0; i < values.length; i++) {
            sums[i % channels] += values[i];
        }
        return sums;
    }
}
