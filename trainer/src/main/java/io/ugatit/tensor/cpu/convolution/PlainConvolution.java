package io.ugatit.tensor.cpu.convolution;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.host.ArrayPool;
import io.ugatit.tensor.host.HostTensor;
import io.ugatit.tensor.nd4j.Nd4jKernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J's convolutions on plain copies of the maps, for shapes that oneDNN has no fast implementation of. */
public final class PlainConvolution implements ConvolutionAlgorithm {
    private final Kernels kernels;
    private final ArrayPool pool;
    private final Nd4jKernels nd4j;

    /**
     * @param kernels that copy between plain and blocked maps
     * @param pool where the copies are taken from
     */
    public PlainConvolution(Kernels kernels, ArrayPool pool) {
        this.kernels = kernels;
        this.pool = pool;
        this.nd4j = new Nd4jKernels(pool.type());
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        FeatureMaps plainX = copy(x);
        FeatureMaps plainY = take(y);
        nd4j.convolve(plainX, weights, stride, plainY);
        kernels.copy(plainY, y);
        pool.release(HostTensor.array(plainX), HostTensor.array(plainY));
    }

    @Override
    public void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        FeatureMaps plainDy = copy(dy);
        FeatureMaps plainDx = take(dx);
        nd4j.convolveBackward(plainDx, weights, plainDy, stride, plainDx, null);
        kernels.copy(plainDx, dx.withoutPadding());
        pool.release(HostTensor.array(plainDy), HostTensor.array(plainDx));
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        FeatureMaps plainX = copy(x);
        FeatureMaps plainDy = copy(dy);
        nd4j.convolveBackward(plainX, dWeights, plainDy, stride, null, dWeights);
        pool.release(HostTensor.array(plainX), HostTensor.array(plainDy));
    }

    private FeatureMaps copy(FeatureMaps maps) {
        FeatureMaps plain = take(maps);
        kernels.copy(maps.withoutPadding(), plain);
        return plain;
    }

    /** Plain maps of another's shape, the border counted to the interior. */
    private FeatureMaps take(FeatureMaps like) {
        return HostTensor.maps(pool.take(like.images(), like.channels(), like.height() + 2L * like.padding(),
                like.width() + 2L * like.padding()), 0);
    }
}
