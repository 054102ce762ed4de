package io.ugatit.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AttentionKernels.Classification;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.Values;
import io.ugatit.tensor.host.HostModulation;
import io.ugatit.tensor.host.HostTensor;
import io.ugatit.tensor.host.PowerIteration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every layer's gradients, of its input and of every parameter, against central differences. */
class LayerGradientsTest {
    private final GradientCheck check = new GradientCheck(11);

    @ParameterizedTest(name = "batch {0}, kernel {1}, stride {2}, input padded by {3}, {4}, output padded by {5}")
    @CsvSource({"1,3,1,1,RELU,1", "2,3,2,1,RELU,0", "1,4,2,0,LEAKY_RELU,1", "2,1,1,0,NONE,1", "1,7,1,3,NONE,0"})
    void convolutionWithInstanceNorm(int batch, int kernel, int stride, int padding, Activation activation, int outPadding) {
        verifyBlock(batch, kernel, stride, padding, activation, outPadding, Kernels::instanceNorm);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void convolutionWithoutNormalization(int batch) {
        verifyBlock(batch, 3, 1, 1, Activation.TANH, 0, LayerGradientsTest::asItIs);
    }

    private static Scaling asItIs(Kernels kernels, FeatureMaps y) {
        return kernels.shift(y, null);
    }

    private static Normalization layerInstanceNorm(Parameter rho, Modulation modulation) {
        return (kernels, y) -> kernels.layerInstanceNorm(y, rho, modulation);
    }

    private Modulation modulation(Variable gamma, Variable beta) {
        return check.compute().kernels().modulation(gamma.tensor(), beta.tensor());
    }

    private void addGradients(Modulation modulation, Variable gamma, Variable beta) {
        INDArray dGamma = gamma.value().like();
        INDArray dBeta = beta.value().like();
        check.compute().kernels().gradients(modulation, new HostTensor(dGamma), new HostTensor(dBeta));
        gamma.addGradient(dGamma);
        beta.addGradient(dBeta);
    }

    private void verifyBlock(int batch, int kernel, int stride, int padding, Activation activation, int outPadding,
            Normalization normalization) {
        Variable x = check.variable("x", batch, 2, 8, 7);
        Variable weights = check.variable("weights", 3, 2, kernel, kernel);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights.parameter(), stride, activation, outPadding);
        INDArray ofOut = check.random(batch, 3, (8 + 2L * padding - kernel) / stride + 1, (7 + 2L * padding - kernel) / stride + 1);
        check.verify(() -> {
            FeatureMaps in = check.maps(x.value(), padding);
            ConvolutionBlock.Saved saved = block.forward(in, normalization, null, true);
            assertThat(saved.out().padding()).isEqualTo(outPadding);
            FeatureMaps dOut = check.gradient(ofOut, outPadding);
            x.addGradient(check.values(block.backward(saved, dOut, true)));
            check.compute().release(in, dOut);
        }, () -> weigh(check.maps(x.value(), padding), ofOut, in -> block.forward(in, normalization, null, false).out()));
    }

    /** The weighed output of a layer; gives its input back. */
    private double weigh(FeatureMaps in, INDArray ofOut, UnaryOperator<FeatureMaps> layer) {
        double sum = check.weigh(layer.apply(in), ofOut);
        check.compute().release(in);
        return sum;
    }

    @ParameterizedTest(name = "batch {0}, output padded by {1}, residual padded by {2}")
    @CsvSource({"2,1,1", "1,0,1", "1,1,0"})
    void theGradientOfAResidualIsThatOfTheOutput(int batch, int outPadding, int residualPadding) {
        Variable x = check.variable("x", batch, 2, 8, 7);
        Variable residual = check.variable("residual", batch, 3, 8, 7);
        Variable weights = check.variable("weights", 3, 2, 3, 3);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights.parameter(), 1, Activation.NONE, outPadding);
        INDArray ofOut = check.random(batch, 3, 8, 7);
        check.verify(() -> {
            FeatureMaps in = check.maps(x.value(), 1);
            FeatureMaps added = check.maps(residual.value(), residualPadding);
            FeatureMaps dOut = check.gradient(ofOut, outPadding);
            x.addGradient(check.values(block.backward(block.forward(in, Kernels::instanceNorm, added, true), dOut, true)));
            check.compute().release(in, added);
            residual.addGradient(check.values(dOut));
        }, () -> {
            FeatureMaps added = check.maps(residual.value(), residualPadding);
            double sum = weigh(check.maps(x.value(), 1), ofOut, in -> block.forward(in, Kernels::instanceNorm, added, false).out());
            check.compute().release(added);
            return sum;
        });
    }

    @Test
    void aResidualInFrontOfAnActivationIsRefused() {
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), parameter(false, 2, 2, 3, 3).parameter(), 1, Activation.RELU, 1);
        FeatureMaps x = check.maps(check.random(1, 2, 4, 4), 1);
        assertThatThrownBy(() -> block.forward(x, Kernels::instanceNorm, x, true)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a block with a residual must have the activation NONE, not RELU");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void convolutionWithAdaptiveLayerInstanceNorm(int batch) {
        Variable x = check.variable("x", batch, 2, 6, 5);
        Variable weights = check.variable("weights", 3, 2, 3, 3);
        Variable rho = check.variable("rho", 1, 3, 1, 1);
        Variable gamma = check.variable("gamma", batch, 3);
        Variable beta = check.variable("beta", batch, 3);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights.parameter(), 1, Activation.RELU, 1);
        INDArray ofOut = check.random(batch, 3, 4, 3);
        check.verify(() -> {
            Modulation modulation = modulation(gamma, beta);
            FeatureMaps in = check.maps(x.value(), 0);
            FeatureMaps dOut = check.gradient(ofOut, 1);
            x.addGradient(check.values(block.backward(block.forward(in, layerInstanceNorm(rho.parameter(), modulation), null, true), dOut, true)));
            check.compute().release(in, dOut);
            addGradients(modulation, gamma, beta);
        }, () -> weigh(check.maps(x.value(), 0), ofOut,
                in -> block.forward(in, layerInstanceNorm(rho.parameter(), modulation(gamma, beta)), null, false).out()));
    }

    @Test
    void aBlockWhoseInputNobodyWantsGivesTheSameWeightGradients() {
        Variable weights = check.variable("weights", 3, 2, 3, 3);
        ConvolutionBlock block = new ConvolutionBlock(check.compute(), weights.parameter(), 1, Activation.RELU, 1);
        INDArray x = check.random(2, 2, 6, 6);
        INDArray ofOut = check.random(2, 3, 4, 4);
        check.verify(() -> {
            FeatureMaps in = check.maps(x, 0);
            FeatureMaps dOut = check.gradient(ofOut, 1);
            assertThat(block.backward(block.forward(in, Kernels::instanceNorm, null, true), dOut, false)).isNull();
            check.compute().release(in, dOut);
        }, () -> weigh(check.maps(x, 0), ofOut, in -> block.forward(in, Kernels::instanceNorm, null, false).out()));
    }

    @ParameterizedTest(name = "batch {0}, output padded by {1}")
    @CsvSource({"1,1", "2,1", "2,0"})
    void residualBlockSharesItsModulation(int batch, int outPadding) {
        Variable x = check.variable("x", batch, 2, 6, 7);
        Variable weights1 = check.variable("weights1", 2, 2, 3, 3);
        Variable weights2 = check.variable("weights2", 2, 2, 3, 3);
        Variable rho1 = check.variable("rho1", 1, 2, 1, 1);
        Variable rho2 = check.variable("rho2", 1, 2, 1, 1);
        Variable gamma = check.variable("gamma", batch, 2);
        Variable beta = check.variable("beta", batch, 2);
        ResidualBlock block = new ResidualBlock(check.compute(), weights1.parameter(), weights2.parameter(), outPadding);
        INDArray ofOut = check.random(batch, 2, 6, 7);
        check.verify(() -> {
            Modulation modulation = modulation(gamma, beta);
            FeatureMaps in = check.maps(x.value(), 1);
            FeatureMaps dOut = check.gradient(ofOut, outPadding);
            x.addGradient(check.values(block.backward(
                    block.forward(in, layerInstanceNorm(rho1.parameter(), modulation), layerInstanceNorm(rho2.parameter(), modulation), true), dOut)));
            check.compute().release(in, dOut);
            addGradients(modulation, gamma, beta);
        }, () -> {
            Modulation modulation = modulation(gamma, beta);
            return weigh(check.maps(x.value(), 1), ofOut,
                    in -> block.forward(in, layerInstanceNorm(rho1.parameter(), modulation), layerInstanceNorm(rho2.parameter(), modulation), false).out());
        });
    }

    @ParameterizedTest(name = "batch {0}, output padded by {1}")
    @CsvSource({"1,3", "2,0"})
    void upsampleBlockWithLearnedGammaAndBeta(int batch, int outPadding) {
        Variable x = check.variable("x", batch, 2, 3, 4);
        Variable weights = check.variable("weights", 2, 2, 3, 3);
        Variable rho = check.variable("rho", 1, 2, 1, 1);
        Variable gamma = check.variable("gamma", 1, 2, 1, 1);
        Variable beta = check.variable("beta", 1, 2, 1, 1);
        UpsampleBlock block = new UpsampleBlock(check.compute(), weights.parameter(), outPadding);
        Kernels kernels = check.compute().kernels();
        INDArray ofOut = check.random(batch, 2, 6, 8);
        check.verify(() -> {
            Modulation modulation = kernels.modulation(gamma.parameter(), beta.parameter(), batch);
            FeatureMaps in = check.maps(x.value(), 0);
            FeatureMaps dOut = check.gradient(ofOut, outPadding);
            x.addGradient(check.values(block.backward(block.forward(in, layerInstanceNorm(rho.parameter(), modulation), true), dOut)));
            check.compute().release(in, dOut);
            kernels.addGradients(modulation, gamma.parameter(), beta.parameter());
        }, () -> weigh(check.maps(x.value(), 0), ofOut,
                in -> block.forward(in, layerInstanceNorm(rho.parameter(), kernels.modulation(gamma.parameter(), beta.parameter(), batch)), false).out()));
    }

    @Test
    void anUpsampleBlockKeepsNoUpsampledMaps() {
        UpsampleBlock block = new UpsampleBlock(check.compute(), parameter(true, 2, 3, 3, 3).parameter(), 0);
        block.forward(check.maps(check.random(1, 3, 4, 5), 0), Kernels::instanceNorm, true);
        assertThat(check.compute().pool().takenBytes() / Double.BYTES).as("elements of input, convolution and output")
                .isEqualTo(3 * 20 + 2 * 80 + 2 * 80);
    }

    @ParameterizedTest(name = "padded by {0}")
    @ValueSource(ints = {1, 3})
    void imagesBecomeMapsAndTheirGradientImages(int padding) {
        ReflectionPad border = new ReflectionPad(check.compute(), padding);
        INDArray images = check.random(2, 3, 5, 4);
        FeatureMaps maps = border.forward(new HostTensor(images));
        assertThat(maps.padding()).isEqualTo(padding);
        assertThat(HostTensor.array(maps).getDouble(1, 2, 0, padding)).as("above the first row").isEqualTo(images.getDouble(1, 2, padding, 0));
        assertThat(check.values(maps)).isEqualTo(images);
        FeatureMaps gradient = check.gradient(images, padding);
        assertThat(HostTensor.array(border.backward(gradient))).isEqualTo(images);
    }

    @ParameterizedTest(name = "batch {0}, spectral norm {1}, {2}")
    @CsvSource({"1,false,RELU", "2,false,RELU", "1,true,LEAKY_RELU", "2,true,LEAKY_RELU"})
    void attention(int batch, boolean normalized, Activation activation) {
        int channels = 3;
        Variable x = check.variable("x", batch, channels, 4, 5);
        Variable average = check.variable("average", 1, channels);
        Variable maximum = check.variable("maximum", 1, channels);
        Variable weights = check.variable("weights", channels, 2 * channels, 1, 1);
        Variable bias = check.variable("bias", channels);
        Attention attention = new Attention(check.compute(), new AuxiliaryClassifier(check.compute(), average.parameter(), normalized ? norm(average) : null),
                new AuxiliaryClassifier(check.compute(), maximum.parameter(), normalized ? norm(maximum) : null), weights.parameter(), bias.parameter(), activation);
        INDArray ofOut = check.random(batch, channels, 4, 5);
        double[] ofLogits = check.randomValues(2 * batch);
        check.verify(() -> {
            FeatureMaps in = check.maps(x.value(), 0);
            FeatureMaps dOut = check.gradient(ofOut, 1);
            x.addGradient(check.values(attention.backward(attention.forward(in, true, true), dOut, values(ofLogits), true)));
            check.compute().release(in, dOut);
        }, () -> {
            FeatureMaps in = check.maps(x.value(), 0);
            Attention.Saved saved = attention.forward(in, false, true);
            check.compute().release(in);
            return check.weigh(saved.out(), ofOut) + GradientCheck.weigh(check.compute().kernels().read(saved.logits()), ofLogits);
        });
    }

    @Test
    void attentionWithoutWeightGradientsGivesTheSameInputGradient() {
        FeatureMaps x = check.maps(check.random(2, 3, 4, 5), 0);
        Variable[] trained = {parameter(true, 1, 3), parameter(true, 1, 3), parameter(true, 3, 6, 1, 1), parameter(true, 3)};
        Variable[] fixed = new Variable[trained.length];
        for (int i = 0; i < trained.length; i++) {
            fixed[i] = new Variable(trained[i].value(), null);
        }
        SpectralNorm normA = norm(trained[0]);
        SpectralNorm normM = norm(trained[1]);
        FeatureMaps dOut = check.gradient(check.random(2, 3, 4, 5), 1);
        double[] ofLogits = check.randomValues(4);
        INDArray[] dx = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            Variable[] p = i == 0 ? trained : fixed;
            Attention attention = new Attention(check.compute(), new AuxiliaryClassifier(check.compute(), p[0].parameter(), normA), new AuxiliaryClassifier(check.compute(), p[1].parameter(), normM),
                    p[2].parameter(), p[3].parameter(), Activation.LEAKY_RELU);
            dx[i] = check.values(attention.backward(attention.forward(x, true, true), dOut, values(ofLogits), i == 0));
        }
        assertThat(dx[1]).isEqualTo(dx[0]);
    }

    private Values values(double[] values) {
        return check.compute().kernels().values(new HostTensor(Nd4j.createFromArray(values)));
    }

    private Variable parameter(boolean gradient, long... shape) {
        INDArray value = check.random(shape);
        return new Variable(value, gradient ? value.like() : null);
    }

    /** With random vectors of length one. */
    private SpectralNorm norm(Variable weights) {
        long outputs = weights.value().size(0);
        INDArray u = check.random(outputs);
        INDArray v = check.random(weights.value().length() / outputs);
        PowerIteration.normalize(u);
        PowerIteration.normalize(v);
        return new SpectralNorm(check.compute(), weights.parameter(), new HostTensor(u), new HostTensor(v));
    }

    @ParameterizedTest(name = "batch {0}, spectral norm {1}")
    @CsvSource({"1,false", "3,false", "1,true", "3,true"})
    void auxiliaryClassifier(int batch, boolean normalized) {
        Variable pooled = check.variable("pooled", batch, 4);
        Variable weights = check.variable("weights", 1, 4);
        AuxiliaryClassifier classifier = new AuxiliaryClassifier(check.compute(), weights.parameter(), normalized ? norm(weights) : null);
        Kernels kernels = check.compute().kernels();
        double[] ofLogits = check.randomValues(2 * batch);
        check.verify(() -> {
            Values logits = kernels.values(2 * batch);
            for (int column = 0; column < 2; column++) {
                Classification classification = classifier.forward(kernels.values(pooled.tensor()), logits, column);
                pooled.addGradient(Nd4j.createFromArray(kernels.read(kernels.classifyBackward(classification, values(ofLogits), true))));
            }
        }, () -> {
            Values logits = kernels.values(2 * batch);
            classifier.forward(kernels.values(pooled.tensor()), logits, 0);
            classifier.forward(kernels.values(pooled.tensor()), logits, 1);
            return GradientCheck.weigh(kernels.read(logits), ofLogits);
        });
    }

    @ParameterizedTest(name = "batch {0}, stride {1}, bias {2}, {3}, output padded by {4}")
    @CsvSource({"1,2,true,LEAKY_RELU,1", "2,2,true,LEAKY_RELU,0", "1,1,false,NONE,0", "2,1,false,NONE,0"})
    void spectralConvolution(int batch, int stride, boolean biased, Activation activation, int outPadding) {
        Variable x = check.variable("x", batch, 2, 8, 6);
        Variable weights = check.variable("weights", 3, 2, 4, 4);
        Variable bias = biased ? check.variable("bias", 3) : null;
        SpectralConvolution convolution = new SpectralConvolution(check.compute(), weights.parameter(), norm(weights),
                biased ? bias.parameter() : null, stride, activation, outPadding);
        INDArray ofOut = check.random(batch, 3, (8 + 2L - 4) / stride + 1, (6 + 2L - 4) / stride + 1);
        check.verify(() -> {
            FeatureMaps in = check.maps(x.value(), 1);
            FeatureMaps dOut = check.gradient(ofOut, outPadding);
            INDArray dx = check.values(convolution.backward(convolution.forward(in), dOut, true, true));
            x.addGradient(dx);
            assertThat(check.values(convolution.backward(convolution.forward(in), dOut, false, true)))
                    .as("without the parameters' gradients").isEqualTo(dx);
            check.compute().release(in, dOut);
        }, () -> {
            FeatureMaps in = check.maps(x.value(), 1);
            SpectralConvolution.Saved saved = convolution.forward(in);
            check.compute().release(in, saved.y());
            return check.weigh(saved.out(), ofOut);
        });
    }

    @ParameterizedTest(name = "batch {0}, light {1}")
    @CsvSource({"1,true", "2,true", "1,false", "2,false"})
    void modulationNetwork(int batch, boolean light) {
        int channels = 4;
        Variable features = check.variable("features", batch, channels, 3, 2);
        Variable hidden1 = check.variable("hidden1", channels, light ? channels : 6 * channels);
        Variable hidden2 = check.variable("hidden2", channels, channels);
        Variable gamma = check.variable("gamma", channels, channels);
        Variable beta = check.variable("beta", channels, channels);
        ModulationNetwork network = new ModulationNetwork(check.compute(), light, hidden1.parameter(), hidden2.parameter(), gamma.parameter(), beta.parameter());
        double[] ofGamma = check.randomValues(batch * channels);
        double[] ofBeta = check.randomValues(batch * channels);
        check.verify(() -> {
            FeatureMaps in = check.maps(features.value(), 1);
            ModulationNetwork.Saved saved = network.forward(in, true);
            HostModulation modulation = (HostModulation) saved.modulation();
            // several layers use the same modulation: each adds its part
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < ofGamma.length; i++) {
                    modulation.dGamma()[i] += ofGamma[i] / 2;
                    modulation.dBeta()[i] += ofBeta[i] / 2;
                }
            }
            FeatureMaps dFeatures = check.gradient(features.value(), 1);
            network.backward(saved, dFeatures);
            features.addGradient(check.values(dFeatures).subi(features.value()));
            check.compute().release(in);
        }, () -> {
            FeatureMaps in = check.maps(features.value(), 1);
            HostModulation modulation = (HostModulation) network.forward(in, false).modulation();
            check.compute().release(in);
            return GradientCheck.weigh(modulation.gamma(), ofGamma) + GradientCheck.weigh(modulation.beta(), ofBeta);
        });
    }

    @ParameterizedTest(name = "batch {0}, {1}")
    @CsvSource({"1,NONE", "2,NONE", "5,RELU"})
    void linear(int batch, Activation activation) {
        Variable x = check.variable("x", batch, 4);
        Variable weights = check.variable("weights", 3, 4);
        Kernels kernels = check.compute().kernels();
        INDArray ofOut = check.random(batch, 3);
        INDArray y = Nd4j.create(DataType.DOUBLE, batch, 3);
        INDArray dx = Nd4j.create(DataType.DOUBLE, batch, 4);
        check.verify(() -> {
            kernels.linear(x.tensor(), weights.parameter(), activation, new HostTensor(y));
            kernels.linearBackward(x.tensor(), weights.parameter(), activation, new HostTensor(y), new HostTensor(ofOut.dup()), new HostTensor(dx));
            x.addGradient(dx);
        }, () -> {
            kernels.linear(x.tensor(), weights.parameter(), activation, new HostTensor(y));
            return y.mul(ofOut).sumNumber().doubleValue();
        });
        double product = x.value().getRow(0).mul(weights.value().getRow(1)).sumNumber().doubleValue();
        kernels.linear(x.tensor(), weights.parameter(), activation, new HostTensor(y));
        assertThat(y.getDouble(0, 1)).isCloseTo(activation == Activation.RELU ? Math.max(0, product) : product, within(1e-12));
    }
}
