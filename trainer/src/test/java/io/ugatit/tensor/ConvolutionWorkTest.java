package io.ugatit.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ConvolutionWorkTest {
    private final Compute compute = KernelChoice.portable(DataType.FLOAT);

    @Test
    void countsTheMultiplicationsAndAdditionsOfDirectConvolution() {
        FeatureMaps x = compute.take(2, 3, 8, 8, 1);
        FeatureMaps y = compute.take(2, 5, 4, 4, 0);
        Tensor weights = compute.write(Nd4j.rand(DataType.FLOAT, 5, 3, 4, 4));
        long pass = 2L * 2 * 5 * 3 * 4 * 4 * 4 * 4;
        compute.kernels().fill(x.data(), 1);
        compute.convolve(x, weights, 2, y);
        assertThat(compute.work().operations()).isEqualTo(pass);
        compute.convolveBackward(x, weights, y, 2, compute.takeLike(x), null);
        assertThat(compute.work().operations()).isEqualTo(2 * pass);
        compute.convolveBackward(x, weights, y, 2, compute.takeLike(x), compute.write(Nd4j.zeros(DataType.FLOAT, 5, 3, 4, 4)));
        assertThat(compute.work().operations()).isEqualTo(4 * pass);
    }

    /** By hand: two 7x7, two 3x3 with stride 2, eight 3x3 of the residual blocks, the attention's 1x1, and two 3x3 after upsampling. */
    @Test
    void aTranslationIsCountedAsItsLayers() {
        UgatitGraph graph = UgatitGraph.create(new NetworkOptions(16, 4, 2, true, false, 4, 3), 1);
        graph.setCompute(compute);
        INDArray image = Nd4j.zeros(DataType.FLOAT, 1, 3, 16, 16);
        graph.generator(Network.GEN_A2B).translate(image, image);
        long large = 16 * 16;
        long small = 4 * 4;
        long expected = 2 * (2 * 49 * 3 * 4 * large + 9 * 4 * 8 * 64 + 9 * 8 * 16 * small + 8 * 9 * 16 * 16 * small + 16 * 16 * small
                + 9 * 16 * 8 * 64 + 9 * 8 * 4 * large);
        assertThat(compute.work().operations()).isEqualTo(expected);
    }
}
