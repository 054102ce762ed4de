package io.ugatit.tensor.cpu.convolution;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.cpu.pass.ZeroPadding;
import io.ugatit.tensor.host.ArrayPool;
import io.ugatit.tensor.host.HostPool;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution from blocked to plain maps with stride 1: to a generator's image, to a discriminator's patch logits. At most three output
 * channels would waste most of oneDNN's vectors: the forward pass is an own kernel, and for the gradients the two sides change places; but
 * oneDNN has no gradient for one plain channel on AVX2.
 */
public final class FewOutputsConvolution implements ConvolutionAlgorithm {
    private final HostPool maps;
    private final ArrayPool pool;
    private final ConvolutionAlgorithm direct;

    /**
     * @param maps where maps and weights for the gradients are taken from
     * @param direct convolves from plain to blocked maps
     */
    public FewOutputsConvolution(HostPool maps, ConvolutionAlgorithm direct) {
        this.maps = maps;
        this.pool = maps.arrays();
        this.direct = direct;
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        FewOutputsKernel.convolve(x, Weights.read(weights), y);
    }

    /** The zero-padded dy, convolved with the weights turned round. */
    @Override
    public void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        int kernel = (int) weights.size(2);
        FeatureMaps around = ZeroPadding.around(dy, kernel - 1, maps);
        INDArray turned = pool.take(weights.size(1), weights.size(0), kernel, kernel);
        Weights.read(weights).turned().write(turned);
        direct.convolve(around, turned, 1, dx.withoutPadding());
        pool.release(turned);
        maps.release(around.data());
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        if (dy.channels() == 1) {
            Weights gradient = Weights.read(dWeights);
            FewOutputsKernel.addWeightGradient(x, dy, gradient);
            gradient.write(dWeights);
            return;
        }
        int kernel = (int) dWeights.size(2);
        FeatureMaps around = ZeroPadding.around(dy, kernel - 1, maps);
        INDArray turned = pool.take(dWeights.size(1), dWeights.size(0), kernel, kernel).assign(0);
        direct.addWeightGradient(around, x.withoutPadding(), 1, turned);
        Weights.read(turned).turned().addTo(dWeights);
        pool.release(turned);
        maps.release(around.data());
    }
}
