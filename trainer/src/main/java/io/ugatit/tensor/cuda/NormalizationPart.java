package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;
import static io.ugatit.tensor.cuda.Lane.shape;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cuda.driver.Launch;

/** {@link io.ugatit.tensor.NormalizationKernels}: {@code normalization.cu}, and the modulation of {@code attention.cu}. */
final class NormalizationPart {
    private static final int SUMS = 2;

    private final Lane lane;

    NormalizationPart(Lane lane) {
        this.lane = lane;
    }

    /** The normalisation of one batch: N*C factors and summands. */
    private sealed interface CudaScaling extends Scaling {
        long scale();

        long shift();
    }

    private record InstanceNorm(long scale, long shift, long saved) implements CudaScaling { }

    private record LayerInstanceNorm(long scale, long shift, long saved, Parameter rho, CudaModulation modulation) implements CudaScaling { }

    private record ConstantScaling(long scale, long shift, Parameter weights, SpectralPair pair, Parameter bias) implements CudaScaling {

        boolean hasParameters() {
            return pair != null || bias != null;
        }
    }

    /** Gamma, beta and their gradients, N*C each, one after the other. */
    private record CudaModulation(long values, int images, int channels) implements Modulation {

        long gamma() {
            return values;
        }

        long beta() {
            return part(1);
        }

        long dGamma() {
            return part(2);
        }

        long dBeta() {
            return part(3);
        }

        private long part(int number) {
            return values + (long) number * images * channels * Double.BYTES;
        }
    }

    Scaling instanceNorm(FeatureMaps y) {
        InstanceNorm norm = new InstanceNorm(lane.floats(y.planes()), lane.floats(y.planes()), lane.values(2 * y.planes()).address());
        lane.withScratch(partialBytes(y), partial -> lane.planes("instance_moments", y).pointer(address(y)).ints(shape(y))
                .int32(Lane.parts(y)).pointer(partial).pointer(lane.tickets(y.images())).float64(Scaling.EPSILON).pointer(norm.saved())
                .pointer(norm.scale()).pointer(norm.shift()).run());
        return norm;
    }

    Scaling layerInstanceNorm(FeatureMaps y, Parameter rho, Modulation modulation) {
        CudaModulation gammaAndBeta = (CudaModulation) modulation;
        LayerInstanceNorm norm = new LayerInstanceNorm(lane.floats(y.planes()), lane.floats(y.planes()),
                lane.values(2 * y.planes() + 2 * y.images()).address(), rho, gammaAndBeta);
        lane.withScratch(partialBytes(y), partial -> lane.planes("layer_instance_moments", y).pointer(address(y)).ints(shape(y))
                .int32(Lane.parts(y)).pointer(partial).pointer(lane.tickets(y.images())).float64(Scaling.EPSILON)
                .pointer(CudaTensor.value(rho)).pointer(gammaAndBeta.gamma()).pointer(gammaAndBeta.beta()).pointer(norm.saved())
                .pointer(norm.scale()).pointer(norm.shift()).run());
        return norm;
    }

    private static long partialBytes(FeatureMaps y) {
        return (long) Lane.parts(y) * y.planes() * SUMS * Double.BYTES;
    }

    Scaling shift(FeatureMaps y, Parameter bias) {
        return constant(y, null, null, bias);
    }

    Scaling spectralNorm(FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias) {
        return constant(y, weights, pair, bias);
    }

    private Scaling constant(FeatureMaps y, Parameter weights, SpectralPair pair, Parameter bias) {
        ConstantScaling scaling = new ConstantScaling(lane.floats(y.planes()), lane.floats(y.planes()), weights, pair, bias);
        lane.vector("constant_scaling", y.planes()).pointer(sigma(pair)).pointer(CudaTensor.value(bias)).int32(y.images())
                .int32(y.channels()).pointer(scaling.scale()).pointer(scaling.shift()).run();
        return scaling;
    }

    private static long sigma(SpectralPair pair) {
        return pair == null ? 0 : CudaValues.address(pair.sigma());
    }

    void normalize(FeatureMaps y, Scaling scaling, FeatureMaps residual, Activation activation, FeatureMaps out) {
        CudaScaling factors = (CudaScaling) scaling;
        lane.rows("normalize", out, out.padding()).pointer(address(y)).ints(shape(y)).pointer(factors.scale()).pointer(factors.shift())
                .pointer(address(residual)).int32(residual == null ? 0 : residual.padding()).int32(activation.ordinal())
                .pointer(address(out)).int32(out.padding()).run();
    }

    void normalizeBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, Scaling scaling, boolean wantsParameters,
            FeatureMaps dy) {
        Gradient gradient = new Gradient(dOut, out, activation, y, dy);
        if (scaling instanceof InstanceNorm norm) {
            gradient.instance(norm);
        } else if (scaling instanceof LayerInstanceNorm norm) {
            gradient.layerInstance(norm);
        } else {
            ConstantScaling constant = (ConstantScaling) scaling;
            if (wantsParameters && constant.hasParameters()) {
                gradient.addParameters(constant);
            }
            gradient.combine(constant.scale(), 0, 0);
        }
    }

    /** One backward pass: sums over the planes, what follows from them, and the gradient of y. */
    private final class Gradient {
        private final FeatureMaps dOut;
        private final FeatureMaps out;
        private final Activation activation;
        private final FeatureMaps y;
        private final FeatureMaps dy;

        Gradient(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, FeatureMaps dy) {
            this.dOut = dOut;
            this.out = out;
            this.activation = activation;
            this.y = y;
            this.dy = dy;
        }

        /** A kernel that sums over the planes, with the arguments that all of them begin with. */
        private Launch sums(String kernel, long partial) {
            return lane.planes(kernel, y).pointer(address(dOut)).int32(dOut.padding()).pointer(address(out)).int32(out.padding())
                    .int32(activation.ordinal()).pointer(address(y)).ints(shape(y)).int32(Lane.parts(y)).pointer(partial)
                    .pointer(lane.tickets(1));
        }

        void instance(InstanceNorm norm) {
            long ofY = lane.floats(y.planes());
            long constant = lane.floats(y.planes());
            lane.withScratch(partialBytes(y), partial -> sums("instance_backward_sums", partial).pointer(norm.saved()).pointer(ofY)
                    .pointer(constant).run());
            combine(norm.scale(), ofY, constant);
        }

        void layerInstance(LayerInstanceNorm norm) {
            long ofY = lane.floats(y.planes());
            long constant = lane.floats(y.planes());
            CudaModulation modulation = norm.modulation();
            lane.withScratch(partialBytes(y), partial -> sums("layer_instance_backward_sums", partial).pointer(norm.saved())
                    .pointer(CudaTensor.value(norm.rho())).pointer(modulation.gamma()).pointer(modulation.dGamma())
                    .pointer(modulation.dBeta()).pointer(CudaTensor.gradient(norm.rho())).pointer(ofY).pointer(constant).run());
            combine(norm.scale(), ofY, constant);
        }

        void addParameters(ConstantScaling scaling) {
            SpectralPair pair = scaling.pair();
            long factor = pair == null ? 0 : lane.values(1).address();
            lane.withScratch(partialBytes(y), partial -> sums("constant_backward_sums", partial).pointer(sigma(pair))
                    .pointer(CudaTensor.gradient(scaling.bias())).pointer(factor).run());
            if (pair != null) {
                int rows = (int) pair.u().length();
                int columns = (int) pair.v().length();
                lane.vector("add_outer", (long) rows * columns).pointer(CudaTensor.gradient(scaling.weights())).pointer(factor)
                        .pointer(address(pair.u())).pointer(address(pair.v())).int32(rows).int32(columns).run();
            }
        }

        void combine(long ofG, long ofY, long constant) {
            lane.rows("normalize_backward", y, 0).pointer(address(dOut)).int32(dOut.padding()).pointer(address(out)).int32(out.padding())
                    .int32(activation.ordinal()).pointer(address(y)).ints(shape(y)).pointer(ofG).pointer(ofY).pointer(constant)
                    .pointer(address(dy)).int32(dy.padding()).run();
        }
    }

    Modulation modulation(Tensor gamma, Tensor beta) {
        return modulation(address(gamma), address(beta), gamma.length(), 1, (int) gamma.size(0), (int) gamma.size(1));
    }

    Modulation modulation(Parameter gamma, Parameter beta, int images) {
        long channels = gamma.value().length();
        return modulation(CudaTensor.value(gamma), CudaTensor.value(beta), channels, images, images, (int) channels);
    }

    private Modulation modulation(long gamma, long beta, long length, int repeats, int images, int channels) {
        long planes = length * repeats;
        CudaModulation made = new CudaModulation(lane.values(Math.toIntExact(4 * planes)).address(), images, channels);
        lane.vector("modulation", planes).pointer(gamma).pointer(beta).int32((int) length).int32(repeats).pointer(made.values()).run();
        return made;
    }

    void gradients(Modulation modulation, Tensor dGamma, Tensor dBeta) {
        CudaModulation made = (CudaModulation) modulation;
        lane.vector("modulation_gradients", dGamma.length()).pointer(made.values()).int32(made.images()).int32(made.channels())
                .pointer(address(dGamma)).pointer(address(dBeta)).run();
    }

    void addGradients(Modulation modulation, Parameter gamma, Parameter beta) {
        CudaModulation made = (CudaModulation) modulation;
        lane.vector("add_modulation", made.channels()).pointer(made.values()).int32(made.images()).int32(made.channels())
                .pointer(CudaTensor.gradient(gamma)).pointer(CudaTensor.gradient(beta)).run();
    }
}
