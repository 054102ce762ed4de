package io.ugatit.tensor.cpu.convolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.CpuKernels;
import io.ugatit.tensor.cpu.pass.VectorRows;
import io.ugatit.tensor.host.HostPool;
import org.bytedeco.dnnl.stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is left of a direct convolution that oneDNN does not do: kernels larger than the maps, with surplus channels. */
class DirectConvolutionTest {
    private static final int CHANNELS = VectorRows.LANES + 1;

    private final HostPool pool = new HostPool(DataType.FLOAT);
    private final DirectConvolution direct = new DirectConvolution(new stream(OneDnn.engine()), pool,
            new PlainConvolution(new CpuKernels(), pool.arrays()));
    private final FeatureMaps small = FeatureMaps.take(pool, VectorRows.LANES, 1, CHANNELS, 2, 2, 0);
    private final FeatureMaps other = FeatureMaps.take(pool, VectorRows.LANES, 1, CHANNELS, 1, 1, 0);
    private final INDArray weights = Nd4j.zeros(DataType.FLOAT, CHANNELS, CHANNELS, 5, 5);
    private final long taken = pool.takenBytes();

    @AfterEach
    void close() {
        direct.close();
    }

    @Test
    void weightsThatWereEnlargedAreGivenBack() {
        assertThatThrownBy(() -> direct.convolve(small, weights, 1, other)).isInstanceOf(RuntimeException.class);
        assertThat(pool.takenBytes()).isEqualTo(taken);
    }

    @Test
    void theirGradientIsGivenBack() {
        assertThatThrownBy(() -> direct.addWeightGradient(small, other, 1, weights)).isInstanceOf(RuntimeException.class);
        assertThat(pool.takenBytes()).isEqualTo(taken);
    }

    @Test
    void weightsOfAnInputsGradientAreGivenBack() {
        assertThatThrownBy(() -> direct.inputGradient(other, weights, 1, small)).isInstanceOf(RuntimeException.class);
        assertThat(pool.takenBytes()).isEqualTo(taken);
    }
}
