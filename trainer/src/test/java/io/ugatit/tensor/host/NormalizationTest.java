package io.ugatit.tensor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.host.HostTensor;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The normalisations' values on maps small enough to follow by hand: plane 0 is 1, 2, 3, 6 and plane 1 is 0, 0, 4, 4. */
class NormalizationTest {
    private static final double EPSILON = 1e-5;
    private final HostKernels kernels = (HostKernels) KernelChoice.fastest(DataType.DOUBLE).kernels();
    private final FeatureMaps y = HostTensor.maps(Nd4j.createFromArray(1.0, 2, 3, 6, 0, 0, 4, 4).reshape(1, 2, 2, 2), 0);

    private static Parameter parameter(double... values) {
        return new Parameter(new HostTensor(Nd4j.createFromArray(values).reshape(1, values.length, 1, 1)), null);
    }

    @Test
    void instanceNormTakesTheBiasedVariance() {
        HostScaling applied = (HostScaling) kernels.instanceNorm(y);
        assertThat(applied.scale()).containsExactly(new double[] {1 / Math.sqrt(3.5 + EPSILON), 1 / Math.sqrt(4 + EPSILON)}, within(1e-12));
        assertThat(applied.shift()).containsExactly(new double[] {-3 / Math.sqrt(3.5 + EPSILON), -2 / Math.sqrt(4 + EPSILON)}, within(1e-12));
    }

    @Test
    void withoutNormalizationEveryPlaneStaysAsItIs() {
        HostScaling applied = (HostScaling) kernels.shift(y, null);
        assertThat(applied.scale()).containsExactly(1, 1);
        assertThat(applied.shift()).containsExactly(0, 0);
    }

    @Test
    void rhoMixesInstanceAndLayerNormBothOfUnbiasedVariance() {
        HostModulation modulation = new HostModulation(new double[] {2, -1}, new double[] {0.5, 3});
        HostScaling applied = (HostScaling) kernels.layerInstanceNorm(y, parameter(0.9, 0), modulation);
        double instance = 1 / Math.sqrt(14 / 3.0 + EPSILON);
        // the image's mean is 2.5 and its squared distances from it sum up to 32
        double layer = 1 / Math.sqrt(32 / 7.0 + EPSILON);
        assertThat(applied.scale()).containsExactly(new double[] {2 * (0.9 * instance + 0.1 * layer), -layer}, within(1e-12));
        assertThat(applied.shift()).containsExactly(new double[] {0.5 - 2 * (0.9 * instance * 3 + 0.1 * layer * 2.5), 3 + layer * 2.5},
                within(1e-12));
    }

    @Test
    void aLearnedModulationIsTheSameForEveryImage() {
        HostModulation modulation = HostModulation.of(parameter(1, 2), parameter(3, 4), 2);
        assertThat(modulation.gamma()).containsExactly(1, 2, 1, 2);
        assertThat(modulation.beta()).containsExactly(3, 4, 3, 4);
        assertThat(modulation.dGamma()).containsExactly(0, 0, 0, 0);
    }
}
