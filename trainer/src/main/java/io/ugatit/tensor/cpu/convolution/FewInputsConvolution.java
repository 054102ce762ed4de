package io.ugatit.tensor.cpu.convolution;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.cpu.pass.ZeroPadding;
import io.ugatit.tensor.host.HostPool;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolution from plain to blocked maps: of images. Only the gradient of the input, which has few channels, differs from the direct one. */
public final class FewInputsConvolution implements ConvolutionAlgorithm {
    private final Kernels kernels;
    private final HostPool maps;
    private final ConvolutionAlgorithm direct;

    /**
     * @param kernels that copy between plain and blocked maps
     * @param maps where maps for the gradient of the input are taken from
     * @param direct convolves from plain and between blocked maps
     */
    public FewInputsConvolution(Kernels kernels, HostPool maps, ConvolutionAlgorithm direct) {
        this.kernels = kernels;
        this.maps = maps;
        this.direct = direct;
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        direct.convolve(x, weights, stride, y);
    }

    @Override
    public void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        if (stride == 1) {
            FeatureMaps around = ZeroPadding.around(dy, (int) weights.size(2) - 1, maps);
            FewOutputsKernel.convolve(around, Weights.read(weights).turned(), dx.withoutPadding());
            maps.release(around.data());
        } else {
            // wasteful, but strides make small maps
            FeatureMaps whole = dx.withoutPadding();
            FeatureMaps blocked = FeatureMaps.take(maps, dy.lanes(), whole.images(), whole.channels(), whole.height(), whole.width(), 0);
            direct.inputGradient(dy, weights, stride, blocked);
            kernels.copy(blocked, whole);
            maps.release(blocked.data());
        }
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        direct.addWeightGradient(x, dy, stride, dWeights);
    }
}
