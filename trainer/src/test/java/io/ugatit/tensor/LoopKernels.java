package io.ugatit.tensor;

import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.host.HostKernels;
import io.ugatit.tensor.host.HostTensor;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The kernels as plain loops in double precision on plain maps, read off their definitions: what every implementation is held against.
 */
final class LoopKernels extends HostKernels {

    LoopKernels() {
        super(DataType.DOUBLE);
    }

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

        /** The interior of maps. */
        static Maps of(FeatureMaps x) {
            Maps padded = of(HostTensor.array(x));
            Maps interior = zeros(x);
            each(interior, (image, channel, row, column) -> interior.values[interior.at(image, channel, row, column)] =
                    padded.values[padded.at(image, channel, row + x.padding(), column + x.padding())]);
            return interior;
        }

        /** Zeros for the interior of maps. */
        static Maps zeros(FeatureMaps like) {
            return new Maps(like.images(), like.channels(), like.height(), like.width());
        }

        int at(int image, int channel, int row, int column) {
            return ((image * c + channel) * h + row) * w + column;
        }

        int plane(int index) {
            return index / (h * w);
        }

        void addTo(INDArray sum) {
            sum.addi(Nd4j.createFromArray(values).castTo(sum.dataType()).reshape(sum.shape()));
        }

        /** Writes this as the interior, with its reflection around it. */
        void writeTo(FeatureMaps out) {
            INDArray array = HostTensor.array(out);
            Maps padded = zeros(array);
            each(padded, (image, channel, row, column) -> padded.values[padded.at(image, channel, row, column)] =
                    values[at(image, channel, reflect(row, out.padding(), h), reflect(column, out.padding(), w))]);
            array.assign(Nd4j.createFromArray(padded.values).castTo(array.dataType()).reshape(array.shape()));
        }

        /** The gradient of the interior, where this is that of the maps with their border. */
        Maps folded(int padding) {
            Maps interior = new Maps(n, c, h - 2 * padding, w - 2 * padding);
            each(this, (image, channel, row, column) -> interior.values[interior.at(image, channel,
                    reflect(row, padding, interior.h), reflect(column, padding, interior.w))] += values[at(image, channel, row, column)]);
            return interior;
        }

        /** Where a position of the maps with their border comes from. */
        private static int reflect(int position, int padding, int size) {
            int unpadded = Math.abs(position - padding);
            return unpadded < size ? unpadded : 2 * (size - 1) - unpadded;
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

    /** Does something for every row of products of a convolution's sum: a position in y and the first ones in weights and x. */
    private interface Products {
        void row(int y, int weight, int x);
    }

    private static void products(Maps x, Maps weights, Maps y, int stride, Products products) {
        each(y, (image, output, row, column) -> {
            for (int input = 0; input < x.c; input++) {
                for (int k = 0; k < weights.h; k++) {
                    products.row(y.at(image, output, row, column), weights.at(output, input, k, 0),
                            x.at(image, input, row * stride + k, column * stride));
                }
            }
        });
    }

    @Override
    public String name() {
        return "loops";
    }

    @Override
    public int lanes(int channels) {
        return 1;
    }

    @Override
    public void copy(FeatureMaps x, FeatureMaps out) {
        Maps.of(x).writeTo(out);
    }

    @Override
    public void add(FeatureMaps x, FeatureMaps to) {
        Maps in = Maps.of(x);
        Maps sum = Maps.of(to);
        Arrays.setAll(sum.values, i -> sum.values[i] + in.values[i]);
        sum.writeTo(to);
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        Maps in = Maps.of(HostTensor.array(x));
        Maps factors = Maps.of(weights);
        Maps out = Maps.zeros(y);
        products(in, factors, out, stride, (o, w, i) -> {
            for (int l = 0; l < factors.w; l++) {
                out.values[o] += factors.values[w + l] * in.values[i + l];
            }
        });
        out.writeTo(y);
    }

    @Override
    public void convolveBackward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights) {
        Maps in = Maps.of(HostTensor.array(x));
        Maps factors = Maps.of(weights);
        Maps dOut = Maps.of(dy);
        Maps dIn = Maps.zeros(HostTensor.array(x));
        Maps dFactors = Maps.zeros(weights);
        products(in, factors, dOut, stride, (o, w, i) -> {
            for (int l = 0; l < factors.w; l++) {
                dIn.values[i + l] += factors.values[w + l] * dOut.values[o];
                dFactors.values[w + l] += in.values[i + l] * dOut.values[o];
            }
        });
        if (dx != null) {
            dIn.folded(x.padding()).writeTo(dx);
        }
        if (dWeights != null) {
            dFactors.addTo(dWeights);
        }
    }

    @Override
    public void upsample(FeatureMaps x, FeatureMaps out) {
        Maps in = Maps.of(x);
        Maps doubled = Maps.zeros(out);
        each(doubled, (image, channel, row, column) -> doubled.values[doubled.at(image, channel, row, column)] =
                in.values[in.at(image, channel, row / 2, column / 2)]);
        doubled.writeTo(out);
    }

    @Override
    public void upsampleBackward(FeatureMaps dOut, FeatureMaps dx) {
        Maps dDoubled = Maps.of(dOut);
        Maps dIn = Maps.zeros(dx);
        each(dDoubled, (image, channel, row, column) -> dIn.values[dIn.at(image, channel, row / 2, column / 2)] +=
                dDoubled.values[dDoubled.at(image, channel, row, column)]);
        dIn.writeTo(dx);
    }

    @Override
    public Moments moments(FeatureMaps x) {
        Maps in = Maps.of(x);
        double[] mean = new double[x.planes()];
        double[] variance = new double[x.planes()];
        for (int i = 0; i < in.values.length; i++) {
            mean[in.plane(i)] += in.values[i] / x.pixels();
        }
        for (int i = 0; i < in.values.length; i++) {
            variance[in.plane(i)] += Math.pow(in.values[i] - mean[in.plane(i)], 2) / x.pixels();
        }
        return new Moments(mean, variance);
    }

    @Override
    public void affine(FeatureMaps y, double[] scale, double[] shift, FeatureMaps residual, Activation activation, FeatureMaps out) {
        Maps in = Maps.of(y);
        Maps added = residual == null ? Maps.zeros(y) : Maps.of(residual);
        Arrays.setAll(in.values, i -> activate(activation,
                scale[in.plane(i)] * in.values[i] + shift[in.plane(i)] + added.values[i]));
        in.writeTo(out);
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> x <= 0 ? 0 : x;
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

    /** {@code g = dOut * activation'}. */
    private static Maps gradientBeforeActivation(FeatureMaps dOut, FeatureMaps out, Activation activation) {
        Maps g = Maps.of(dOut);
        Maps result = Maps.of(out);
        Arrays.setAll(g.values, i -> g.values[i] * derivative(activation, result.values[i]));
        return g;
    }

    @Override
    public PlaneSums affineSums(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y) {
        Maps g = gradientBeforeActivation(dOut, out, activation);
        Maps in = Maps.of(y);
        double[] sums = new double[y.planes()];
        double[] products = new double[y.planes()];
        for (int i = 0; i < in.values.length; i++) {
            sums[in.plane(i)] += g.values[i];
            products[in.plane(i)] += g.values[i] * in.values[i];
        }
        return new PlaneSums(sums, products);
    }

    @Override
    public void affineBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, PlaneFactors factors,
            FeatureMaps dy) {
        Maps g = gradientBeforeActivation(dOut, out, activation);
        Maps in = Maps.of(y);
        Arrays.setAll(g.values, i -> factors.ofG()[in.plane(i)] * g.values[i]
                + (factors.ofY() == null ? 0 : factors.ofY()[in.plane(i)] * in.values[i])
                + (factors.constant() == null ? 0 : factors.constant()[in.plane(i)]));
        g.writeTo(dy);
    }

    @Override
    public Peaks peaks(FeatureMaps x) {
        Maps in = Maps.of(x);
        double[] value = new double[x.planes()];
        int[] index = new int[x.planes()];
        Arrays.fill(value, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < in.values.length; i++) {
            if (in.values[i] > value[in.plane(i)]) {
                value[in.plane(i)] = in.values[i];
                index[in.plane(i)] = i % x.pixels();
            }
        }
        return new Peaks(value, index);
    }

    @Override
    public double[] pick(FeatureMaps x, int[] index) {
        Maps in = Maps.of(x);
        double[] picked = new double[index.length];
        Arrays.setAll(picked, plane -> in.values[plane * x.pixels() + index[plane]]);
        return picked;
    }

    @Override
    public void addPoolingGradient(double[] dMean, double[] dMaximum, int[] index, FeatureMaps dx) {
        Maps sum = Maps.of(dx);
        Arrays.setAll(sum.values, i -> sum.values[i] + dMean[sum.plane(i)] / dx.pixels());
        if (dMaximum != null) {
            for (int plane = 0; plane < dMaximum.length; plane++) {
                sum.values[plane * dx.pixels() + index[plane]] += dMaximum[plane];
            }
        }
        sum.writeTo(dx);
    }

    @Override
    public void multiply(INDArray matrix, boolean transposed, INDArray vector, INDArray out) {
        double[] product = new double[(int) out.length()];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                product[transposed ? column : row] += matrix.getDouble(row, column) * vector.getDouble(transposed ? row : column);
            }
        }
        for (int i = 0; i < product.length; i++) {
            out.putScalar(i, product[i]);
        }
    }

    @Override
    public void addOuterProduct(INDArray matrix, double factor, INDArray u, INDArray v) {
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                matrix.putScalar(row, column, matrix.getDouble(row, column) + factor * u.getDouble(row) * v.getDouble(column));
            }
        }
    }

    @Override
    public void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        throw new UnsupportedOperationException("AdamTest has the formula");
    }
}
