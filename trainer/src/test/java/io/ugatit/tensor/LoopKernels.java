package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The kernels as plain loops in double precision, read off their definitions: what every implementation is held against. */
final class LoopKernels implements Kernels {

    /** An array (N,C,H,W) as Java values. */
    private static final class Maps {
        final int n;
        final int c;
        final int h;
        final int w;
        final double[] values;

        Maps(int n, int c, int h, int w) {
            this(n, c, h, w, new double[n * c * h * w]);
        }

        private Maps(int n, int c, int h, int w, double[] values) {
            this.n = n;
            this.c = c;
            this.h = h;
            this.w = w;
            this.values = values;
        }

        static Maps of(INDArray x) {
            return new Maps((int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3),
                    x.dup('c').reshape(x.length()).toDoubleVector());
        }

        static Maps zeros(INDArray like) {
            return new Maps((int) like.size(0), (int) like.size(1), (int) like.size(2), (int) like.size(3));
        }

        int at(int image, int channel, int row, int column) {
            return ((image * c + channel) * h + row) * w + column;
        }

        int plane(int index) {
            return index / (h * w);
        }

        void writeTo(INDArray out) {
            out.assign(Nd4j.createFromArray(values).castTo(out.dataType()).reshape(out.shape()));
        }
    }

    /** Does something for every pixel. */
    private interface Visit {
        void pixel(int image, int channel, int row, int column);
    }

    private static void each(Maps x, Visit visit) {
        for (int image = 0; image < x.n; image++) {
            for (int channel = 0; channel < x.c; channel++) {
                for (int row = 0; row < x.h; row++) {
                    for (int column = 0; column < x.w; column++) {
                        visit.pixel(image, channel, row, column);
                    }
                }
            }
        }
    }

    /** Does something for every product of a convolution's sum: positions in y, weights and x. */
    private interface Product {
        void at(int y, int weight, int x);
    }

    private static void products(Maps x, Maps weights, Maps y, int stride, Product product) {
        each(y, (image, output, row, column) -> {
            for (int input = 0; input < x.c; input++) {
                for (int k = 0; k < weights.h; k++) {
                    for (int l = 0; l < weights.w; l++) {
                        product.at(y.at(image, output, row, column), weights.at(output, input, k, l),
                                x.at(image, input, row * stride + k, column * stride + l));
                    }
                }
            }
        });
    }

    @Override
    public String name() {
        return "loops";
    }

    @Override
    public void convolve(INDArray x, INDArray weights, int stride, INDArray y) {
        Maps in = Maps.of(x);
        Maps factors = Maps.of(weights);
        Maps out = Maps.zeros(y);
        products(in, factors, out, stride, (o, w, i) -> out.values[o] += factors.values[w] * in.values[i]);
        out.writeTo(y);
    }

    @Override
    public void convolveBackward(INDArray x, INDArray weights, INDArray dy, int stride, INDArray dx, INDArray dWeights) {
        Maps in = Maps.of(x);
        Maps factors = Maps.of(weights);
        Maps dOut = Maps.of(dy);
        Maps dIn = Maps.zeros(x);
        Maps dFactors = Maps.zeros(weights);
        products(in, factors, dOut, stride, (o, w, i) -> {
            dIn.values[i] += factors.values[w] * dOut.values[o];
            dFactors.values[w] += in.values[i] * dOut.values[o];
        });
        if (dx != null) {
            dIn.writeTo(dx);
        }
        if (dWeights != null) {
            dFactors.writeTo(dWeights);
        }
    }

    /** Where a position of the padded array comes from. */
    private static int reflect(int position, int padding, int size) {
        int unpadded = Math.abs(position - padding);
        return unpadded < size ? unpadded : 2 * (size - 1) - unpadded;
    }

    @Override
    public void pad(INDArray x, int padding, INDArray out) {
        Maps in = Maps.of(x);
        Maps padded = Maps.zeros(out);
        each(padded, (image, channel, row, column) -> padded.values[padded.at(image, channel, row, column)] =
                in.values[in.at(image, channel, reflect(row, padding, in.h), reflect(column, padding, in.w))]);
        padded.writeTo(out);
    }

    @Override
    public void fold(INDArray dOut, int padding, INDArray dx) {
        folded(dOut, padding, dx).writeTo(dx);
    }

    private static Maps folded(INDArray dOut, int padding, INDArray like) {
        Maps dPadded = Maps.of(dOut);
        Maps dIn = Maps.zeros(like);
        each(dPadded, (image, channel, row, column) ->
                dIn.values[dIn.at(image, channel, reflect(row, padding, dIn.h), reflect(column, padding, dIn.w))] +=
                        dPadded.values[dPadded.at(image, channel, row, column)]);
        return dIn;
    }

    @Override
    public void upsample(INDArray x, int padding, INDArray out) {
        Maps in = Maps.of(x);
        Maps padded = Maps.zeros(out);
        each(padded, (image, channel, row, column) -> padded.values[padded.at(image, channel, row, column)] = in.values[
                in.at(image, channel, reflect(row, padding, 2 * in.h) / 2, reflect(column, padding, 2 * in.w) / 2)]);
        padded.writeTo(out);
    }

    @Override
    public void upsampleBackward(INDArray dOut, int padding, INDArray dx) {
        Maps dPadded = Maps.of(dOut);
        Maps dIn = Maps.zeros(dx);
        each(dPadded, (image, channel, row, column) -> dIn.values[dIn.at(image, channel, reflect(row, padding, 2 * dIn.h) / 2,
                reflect(column, padding, 2 * dIn.w) / 2)] += dPadded.values[dPadded.at(image, channel, row, column)]);
        dIn.writeTo(dx);
    }

    @Override
    public Moments moments(INDArray x) {
        Maps in = Maps.of(x);
        int pixels = in.h * in.w;
        double[] mean = new double[in.n * in.c];
        double[] variance = new double[in.n * in.c];
        for (int i = 0; i < in.values.length; i++) {
            mean[in.plane(i)] += in.values[i] / pixels;
        }
        for (int i = 0; i < in.values.length; i++) {
            variance[in.plane(i)] += Math.pow(in.values[i] - mean[in.plane(i)], 2) / pixels;
        }
        return new Moments(mean, variance);
    }

    @Override
    public void affine(INDArray y, double[] scale, double[] shift, INDArray residual, int residualPadding, Activation activation,
            INDArray out, int padding) {
        Maps in = Maps.of(y);
        Maps added = residual == null ? null : Maps.of(residual);
        Maps result = Maps.zeros(y);
        each(in, (image, channel, row, column) -> {
            int i = in.at(image, channel, row, column);
            double sum = scale[in.plane(i)] * in.values[i] + shift[in.plane(i)];
            if (added != null) {
                sum += added.values[added.at(image, channel, row + residualPadding, column + residualPadding)];
            }
            result.values[i] = activate(activation, sum);
        });
        INDArray unpadded = y.ulike();
        result.writeTo(unpadded);
        pad(unpadded, padding, out);
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> x > 0 ? x : 0;
            case LEAKY_RELU -> x > 0 ? x : 0.2 * x;
            case TANH -> Math.tanh(x);
        };
    }

    private static double derivative(Activation activation, double out) {
        return switch (activation) {
            case NONE -> 1;
            case RELU -> out > 0 ? 1 : 0;
            case LEAKY_RELU -> out > 0 ? 1 : 0.2;
            case TANH -> 1 - out * out;
        };
    }

    @Override
    public PlaneSums affineBackward(INDArray dOut, INDArray out, int padding, Activation activation, INDArray y, INDArray g) {
        Maps in = Maps.of(y);
        Maps padded = Maps.of(out);
        Maps gradient = folded(dOut, padding, y);
        double[] sums = new double[in.n * in.c];
        double[] products = new double[in.n * in.c];
        each(in, (image, channel, row, column) -> {
            int i = in.at(image, channel, row, column);
            gradient.values[i] *= derivative(activation, padded.values[padded.at(image, channel, row + padding, column + padding)]);
            sums[in.plane(i)] += gradient.values[i];
            products[in.plane(i)] += gradient.values[i] * in.values[i];
        });
        gradient.writeTo(g);
        return new PlaneSums(sums, products);
    }

    @Override
    public void combine(INDArray g, INDArray y, PlaneFactors factors, INDArray out) {
        Maps gradient = Maps.of(g);
        Maps in = Maps.of(y);
        for (int i = 0; i < gradient.values.length; i++) {
            int plane = in.plane(i);
            gradient.values[i] = factors.ofG()[plane] * gradient.values[i]
                    + (factors.ofY() == null ? 0 : factors.ofY()[plane] * in.values[i])
                    + (factors.constant() == null ? 0 : factors.constant()[plane]);
        }
        gradient.writeTo(out);
    }

    @Override
    public void addToInterior(INDArray x, INDArray padded, int padding) {
        Maps in = Maps.of(x);
        Maps sum = Maps.of(padded);
        each(in, (image, channel, row, column) -> sum.values[sum.at(image, channel, row + padding, column + padding)] +=
                in.values[in.at(image, channel, row, column)]);
        sum.writeTo(padded);
    }

    @Override
    public void copyInterior(INDArray padded, int padding, INDArray out) {
        Maps in = Maps.of(padded);
        Maps interior = Maps.zeros(out);
        each(interior, (image, channel, row, column) -> interior.values[interior.at(image, channel, row, column)] =
                in.values[in.at(image, channel, row + padding, column + padding)]);
        interior.writeTo(out);
    }

    @Override
    public Maxima maxima(INDArray x) {
        Maps in = Maps.of(x);
        double[] value = new double[in.n * in.c];
        int[] index = new int[in.n * in.c];
        java.util.Arrays.fill(value, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < in.values.length; i++) {
            if (in.values[i] > value[in.plane(i)]) {
                value[in.plane(i)] = in.values[i];
                index[in.plane(i)] = i % (in.h * in.w);
            }
        }
        return new Maxima(value, index);
    }

    @Override
    public void addPoolingGradient(double[] dMean, double[] dMaximum, Maxima maxima, INDArray dx) {
        Maps sum = Maps.of(dx);
        int pixels = sum.h * sum.w;
        for (int i = 0; i < sum.values.length; i++) {
            sum.values[i] += dMean[sum.plane(i)] / pixels;
        }
        for (int plane = 0; plane < dMaximum.length; plane++) {
            sum.values[plane * pixels + maxima.index()[plane]] += dMaximum[plane];
        }
        sum.writeTo(dx);
    }

    @Override
    public void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        throw new UnsupportedOperationException("AdamTest has the formula");
    }
}
