package io.ugatit.nn;

/**
 * The factors gamma and summands beta of one (Ada)LIN for one batch, N*C each, with their gradients, which every layer that uses them adds
 * to. In AdaLIN the attention's features decide them for every image anew; in LIN they are parameters.
 *
 * @param gamma N*C factors
 * @param beta N*C summands
 * @param dGamma gradient of gamma
 * @param dBeta gradient of beta
 */
public record Modulation(double[] gamma, double[] beta, double[] dGamma, double[] dBeta) {

    /** With gradients of zero. */
    public Modulation(double[] gamma, double[] beta) {
        this(gamma, beta, new double[gamma.length], new double[beta.length]);
    }

    /** The learned gamma and beta (1,C,1,1) of a LIN, the same for each of the batch's images. */
    public static Modulation learned(Parameter gamma, Parameter beta, int batch) {
        return new Modulation(repeat(gamma.toArray(), batch), repeat(beta.toArray(), batch));
    }

    /** Adds the gradients, summed over the batch, to those of a LIN's parameters. */
    public void addTo(Parameter gamma, Parameter beta) {
        gamma.addGradient(sumOverBatch(dGamma, (int) gamma.value().length()));
        beta.addGradient(sumOverBatch(dBeta, (int) beta.value().length()));
    }

    /** The same C values for each of the batch's images: N*C. */
    static double[] repeat(double[] values, int batch) {
        double[] repeated = new double[values.length * batch];
        for (int i = 0; i < batch; i++) {
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
