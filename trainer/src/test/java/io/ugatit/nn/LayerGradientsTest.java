package io.ugatit.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.Activation;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every layer's gradients, of its input and of every parameter, against central differences. */
class LayerGradientsTest {
    private final GradientCheck check = new GradientCheck(11);

    @ParameterizedTest(name = "batch {0}, kernel {1}, stride {2}, {3}, output padded by {4}")
    @CsvSource({"1,3,1,RELU,1", "2,3,2,RELU,0", "1,4,2,LEAKY_RELU,1", "2,1,1,NONE,1"})
    void convolutionWithInstanceNorm(int batch, int kernel, int stride, Activation activation, int outPadding) {
        verifyBlock(batch, kernel, stride, activation, outPadding, false, InstanceNorm::new);
    }

    @ParameterizedTest(name = "batch {0}, kernel {1}, stride {2}, {3}, output padded by {4}, with a residual")
    @CsvSource({"2,3,1,NONE,1", "1,3,1,RELU,0"})
    void convolutionWithInstanceNormAndResidual(int batch, int kernel, int stride, Activation activation, int outPadding) {
        verifyBlock(batch, kernel, stride, activation, outPadding, true, InstanceNorm::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void convolutionWithoutNormalization(int batch) {
        verifyBlock(batch, 3, 1, Activation.TANH, 0, false, NoNormalization::new);
    }

    private void verifyBlock(int batch, int kernel, int stride, Activation activation, int outPadding, boolean residual,
            Supplier<Normalization> normalization) {
        Parameter x = check.variable("x", batch, 2, 8, 7);
        Parameter weights = check.variable("weights", 3, 2, kernel, kernel);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights, stride, activation, outPadding);
        long height = (8 - kernel) / stride + 1;
        long width = (7 - kernel) / stride + 1;
        INDArray added = residual ? check.random(batch, 3, height + 2, width + 2) : null;
        INDArray ofOut = check.random(batch, 3, height + 2L * outPadding, width + 2L * outPadding);
        Parameter interior = residual ? check.variable("residual", batch, 3, height, width) : null;
        Supplier<ConvolutionBlock.Saved> forward = () -> {
            if (residual) {
                check.compute().kernels().pad(interior.value(), 1, added);
            }
            return block.forward(x.value(), normalization.get(), added, 1, true);
        };
        check.verify(() -> {
            ConvolutionBlock.Gradients gradients = block.backward(forward.get(), check.pooled(ofOut), true, residual);
            x.addGradient(gradients.dx());
            if (residual) {
                interior.addGradient(gradients.dResidual());
            } else {
                assertThat(gradients.dResidual()).isNull();
            }
            check.compute().pool().release(gradients.dx(), gradients.dResidual());
        }, () -> {
            if (residual) {
                check.compute().kernels().pad(interior.value(), 1, added);
            }
            return check.weigh(block.forward(x.value(), normalization.get(), added, 1, false).out(), ofOut);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void convolutionWithAdaptiveLayerInstanceNorm(int batch) {
        Parameter x = check.variable("x", batch, 2, 6, 5);
        Parameter weights = check.variable("weights", 3, 2, 3, 3);
        Parameter rho = check.variable("rho", 1, 3, 1, 1);
        Parameter gamma = check.variable("gamma", batch, 3);
        Parameter beta = check.variable("beta", batch, 3);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights, 1, Activation.RELU, 1);
        LayerInstanceNorm norm = new LayerInstanceNorm(rho);
        INDArray ofOut = check.random(batch, 3, 6, 5);
        Supplier<Modulation> modulate = () -> new Modulation(gamma.toArray(), beta.toArray());
        check.verify(() -> {
            Modulation modulation = modulate.get();
            ConvolutionBlock.Saved saved = block.forward(x.value(), norm.with(modulation), null, 0, true);
            INDArray dx = block.backward(saved, check.pooled(ofOut), true, false).dx();
            x.addGradient(dx);
            check.compute().pool().release(dx);
            gamma.addGradient(modulation.dGamma());
            beta.addGradient(modulation.dBeta());
        }, () -> check.weigh(block.forward(x.value(), norm.with(modulate.get()), null, 0, false).out(), ofOut));
    }

    @Test
    void aBlockWhoseInputNobodyWantsGivesTheSameWeightGradients() {
        Parameter weights = check.variable("weights", 3, 2, 3, 3);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights, 1, Activation.RELU, 1);
        INDArray x = check.random(2, 2, 6, 6);
        INDArray ofOut = check.random(2, 3, 6, 6);
        check.verify(() -> {
            ConvolutionBlock.Gradients gradients = block.backward(block.forward(x, new InstanceNorm(), null, 0, true), check.pooled(ofOut),
                    false, false);
            assertThat(gradients.dx()).isNull();
        }, () -> check.weigh(block.forward(x, new InstanceNorm(), null, 0, false).out(), ofOut));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void residualBlockSharesItsModulation(int batch) {
        Parameter x = check.variable("x", batch, 2, 6, 7);
        Parameter weights1 = check.variable("weights1", 2, 2, 3, 3);
        Parameter weights2 = check.variable("weights2", 2, 2, 3, 3);
        Parameter rho1 = check.variable("rho1", 1, 2, 1, 1);
        Parameter rho2 = check.variable("rho2", 1, 2, 1, 1);
        Parameter gamma = check.variable("gamma", batch, 2);
        Parameter beta = check.variable("beta", batch, 2);
        ResidualBlock block = new ResidualBlock(check.compute(), weights1, weights2, 1);
        LayerInstanceNorm norm1 = new LayerInstanceNorm(rho1);
        LayerInstanceNorm norm2 = new LayerInstanceNorm(rho2);
        INDArray ofOut = check.random(batch, 2, 6, 7);
        check.verify(() -> {
            Modulation modulation = new Modulation(gamma.toArray(), beta.toArray());
            ResidualBlock.Saved saved = block.forward(x.value(), norm1.with(modulation), norm2.with(modulation), true);
            INDArray dx = block.backward(saved, check.pooled(ofOut));
            x.addGradient(dx);
            check.compute().pool().release(dx);
            gamma.addGradient(modulation.dGamma());
            beta.addGradient(modulation.dBeta());
        }, () -> {
            Modulation modulation = new Modulation(gamma.toArray(), beta.toArray());
            return check.weigh(block.forward(x.value(), norm1.with(modulation), norm2.with(modulation), false).out(), ofOut);
        });
    }

    @ParameterizedTest(name = "batch {0}, output padded by {1}")
    @CsvSource({"1,3", "2,0"})
    void upsampleBlockWithLearnedGammaAndBeta(int batch, int outPadding) {
        Parameter x = check.variable("x", batch, 2, 3, 4);
        Parameter weights = check.variable("weights", 2, 2, 3, 3);
        Parameter rho = check.variable("rho", 1, 2, 1, 1);
        Parameter gamma = check.variable("gamma", 1, 2, 1, 1);
        Parameter beta = check.variable("beta", 1, 2, 1, 1);
        UpsampleBlock block = new UpsampleBlock(check.compute(), weights, outPadding);
        LayerInstanceNorm norm = new LayerInstanceNorm(rho);
        INDArray ofOut = check.random(batch, 2, 6 + 2L * outPadding, 8 + 2L * outPadding);
        check.verify(() -> {
            Modulation modulation = Modulation.learned(gamma, beta, batch);
            ConvolutionBlock.Saved saved = block.forward(x.value(), norm.with(modulation), true);
            INDArray dx = block.backward(saved, check.pooled(ofOut));
            x.addGradient(dx);
            check.compute().pool().release(dx);
            modulation.addTo(gamma, beta);
        }, () -> check.weigh(block.forward(x.value(), norm.with(Modulation.learned(gamma, beta, batch)), false).out(), ofOut));
    }

    @ParameterizedTest(name = "batch {0}, spectral norm {1}, {2}")
    @CsvSource({"1,false,RELU", "2,false,RELU", "1,true,LEAKY_RELU", "2,true,LEAKY_RELU"})
    void attention(int batch, boolean normalized, Activation activation) {
        int channels = 3;
        Parameter x = check.variable("x", batch, channels, 4, 5);
        Parameter average = check.variable("average", 1, channels);
        Parameter maximum = check.variable("maximum", 1, channels);
        Parameter weights = check.variable("weights", channels, 2 * channels, 1, 1);
        Parameter bias = check.variable("bias", channels);
        Attention attention = new Attention(check.compute(), new AuxiliaryClassifier(average, normalized ? norm(average) : null),
                new AuxiliaryClassifier(maximum, normalized ? norm(maximum) : null), weights, bias, activation);
        INDArray ofOut = check.random(batch, channels, 6, 7);
        double[] ofLogits = check.randomValues(2 * batch);
        check.verify(() -> {
            INDArray dx = attention.backward(attention.forward(x.value(), true), check.pooled(ofOut), ofLogits, true);
            x.addGradient(dx);
            check.compute().pool().release(dx);
        }, () -> {
            Attention.Saved saved = attention.forward(x.value(), false);
            return check.weigh(saved.out(), ofOut) + GradientCheck.weigh(saved.logits(), ofLogits);
        });
    }

    @Test
    void attentionWithoutWeightGradientsGivesTheSameInputGradient() {
        INDArray x = check.random(2, 3, 4, 5);
        Parameter[] trained = {parameter(true, 1, 3), parameter(true, 1, 3), parameter(true, 3, 6, 1, 1), parameter(true, 3)};
        Parameter[] fixed = new Parameter[trained.length];
        for (int i = 0; i < trained.length; i++) {
            fixed[i] = new Parameter(trained[i].value(), null);
        }
        SpectralNorm normA = norm(trained[0]);
        SpectralNorm normM = norm(trained[1]);
        INDArray ofOut = check.random(2, 3, 6, 7);
        double[] ofLogits = check.randomValues(4);
        INDArray[] dx = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            Parameter[] p = i == 0 ? trained : fixed;
            Attention attention = new Attention(check.compute(), new AuxiliaryClassifier(p[0], normA), new AuxiliaryClassifier(p[1], normM),
                    p[2], p[3], Activation.LEAKY_RELU);
            dx[i] = attention.backward(attention.forward(x, true), check.pooled(ofOut), ofLogits, i == 0);
        }
        assertThat(dx[1]).isEqualTo(dx[0]);
    }

    private Parameter parameter(boolean gradient, long... shape) {
        INDArray value = check.random(shape);
        return new Parameter(value, gradient ? value.like() : null);
    }

    /** With random vectors of length one. */
    private SpectralNorm norm(Parameter weights) {
        long outputs = weights.value().size(0);
        INDArray u = check.random(outputs);
        INDArray v = check.random(weights.value().length() / outputs);
        SpectralNorm.normalize(u);
        SpectralNorm.normalize(v);
        return new SpectralNorm(weights, u, v);
    }

    @ParameterizedTest(name = "batch {0}, spectral norm {1}")
    @CsvSource({"1,false", "3,false", "1,true", "3,true"})
    void auxiliaryClassifier(int batch, boolean normalized) {
        Parameter pooled = check.variable("pooled", batch, 4);
        Parameter weights = check.variable("weights", 1, 4);
        AuxiliaryClassifier classifier = new AuxiliaryClassifier(weights, normalized ? norm(weights) : null);
        double[] ofLogits = check.randomValues(batch);
        check.verify(() -> pooled.addGradient(
                        classifier.backward(classifier.forward(pooled.toArray()), ofLogits, true, check.compute().pool())),
                () -> GradientCheck.weigh(classifier.forward(pooled.toArray()).logits(), ofLogits));
    }

    @ParameterizedTest(name = "batch {0}, stride {1}, bias {2}, {3}, output padded by {4}")
    @CsvSource({"1,2,true,LEAKY_RELU,1", "2,2,true,LEAKY_RELU,0", "1,1,false,NONE,0", "2,1,false,NONE,0"})
    void spectralConvolution(int batch, int stride, boolean biased, Activation activation, int outPadding) {
        Parameter x = check.variable("x", batch, 2, 8, 6);
        Parameter weights = check.variable("weights", 3, 2, 4, 4);
        Parameter bias = biased ? check.variable("bias", 3) : null;
        SpectralConvolution convolution = new SpectralConvolution(check.compute(), weights, norm(weights), bias, stride, activation,
                outPadding);
        INDArray ofOut = check.random(batch, 3, 4L / stride + 1 + 2L * outPadding, 2L / stride + 1 + 2L * outPadding);
        check.verify(() -> {
            INDArray dx = convolution.backward(convolution.forward(x.value()), check.pooled(ofOut), true, true);
            x.addGradient(dx);
            check.compute().pool().release(dx);
            assertThat(dx).isEqualTo(convolution.backward(convolution.forward(x.value()), check.pooled(ofOut), false, true));
            check.compute().pool().release(dx);
        }, () -> {
            SpectralConvolution.Saved saved = convolution.forward(x.value());
            check.compute().pool().release(saved.y());
            return check.weigh(saved.out(), ofOut);
        });
    }

    @ParameterizedTest(name = "batch {0}, light {1}")
    @CsvSource({"1,true", "2,true", "1,false", "2,false"})
    void modulationNetwork(int batch, boolean light) {
        int channels = 4;
        Parameter features = check.variable("features", batch, channels, 3, 2);
        Parameter hidden1 = check.variable("hidden1", channels, light ? channels : 6 * channels);
        Parameter hidden2 = check.variable("hidden2", channels, channels);
        Parameter gamma = check.variable("gamma", channels, channels);
        Parameter beta = check.variable("beta", channels, channels);
        ModulationNetwork network = new ModulationNetwork(check.compute(), light, hidden1, hidden2, gamma, beta);
        double[] ofGamma = check.randomValues(batch * channels);
        double[] ofBeta = check.randomValues(batch * channels);
        check.verify(() -> {
            ModulationNetwork.Saved saved = network.forward(check.pooled(features.value()), true);
            // several layers use the same modulation: each adds its part
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < ofGamma.length; i++) {
                    saved.modulation().dGamma()[i] += ofGamma[i] / 2;
                    saved.modulation().dBeta()[i] += ofBeta[i] / 2;
                }
            }
            INDArray dFeatures = network.backward(saved);
            features.addGradient(dFeatures);
            check.compute().pool().release(dFeatures);
        }, () -> {
            Modulation modulation = network.forward(check.pooled(features.value()), false).modulation();
            return GradientCheck.weigh(modulation.gamma(), ofGamma) + GradientCheck.weigh(modulation.beta(), ofBeta);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void linear(int batch) {
        Parameter x = check.variable("x", batch, 4);
        Parameter weights = check.variable("weights", 3, 4);
        Linear linear = new Linear(weights);
        INDArray ofOut = check.random(batch, 3);
        check.verify(() -> x.addGradient(linear.backward(x.value(), ofOut)),
                () -> linear.forward(x.value()).mul(ofOut).sumNumber().doubleValue());
        assertThat(linear.forward(x.value()).getDouble(0, 1))
                .isCloseTo(x.value().getRow(0).mul(weights.value().getRow(1)).sumNumber().doubleValue(), within(1e-12));
    }
}
