package io.ugatit.tensor.cpu;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.MapKernels;
import io.ugatit.tensor.cpu.convolution.ConvolutionAlgorithm;
import io.ugatit.tensor.cpu.convolution.DirectConvolution;
import io.ugatit.tensor.cpu.convolution.FewInputsConvolution;
import io.ugatit.tensor.cpu.convolution.FewOutputsConvolution;
import io.ugatit.tensor.cpu.convolution.MatrixConvolution;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import io.ugatit.tensor.cpu.convolution.PlainConvolution;
import io.ugatit.tensor.cpu.convolution.winograd.WeightTaps;
import io.ugatit.tensor.cpu.convolution.winograd.WinogradConvolution;
import io.ugatit.tensor.cpu.convolution.winograd.WinogradMemory;
import io.ugatit.tensor.host.HostPool;
import java.util.List;
import org.bytedeco.dnnl.stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions of maps, each by the algorithm that is fastest for its shape. The <em>table</em> of {@link #Convolutions} says which: the first
 * of its rules that a shape meets counts. Used by one thread at a time.
 */
public final class Convolutions {
    private final HostPool maps = new HostPool(DataType.FLOAT);
    private final DirectConvolution direct;
    private final WinogradMemory winogradMemory = new WinogradMemory();
    private final WeightTaps taps;
    private final List<Rule> table;

    /** A condition, and what is fastest where it is met. */
    private record Rule(Condition condition, ConvolutionAlgorithm algorithm) { }

    private interface Condition {
        boolean met(FeatureMaps x, FeatureMaps y, int kernel, int stride);
    }

    /** @param kernels that copy between plain and blocked maps */
    public Convolutions(Kernels kernels) {
        stream stream = new stream(OneDnn.engine());
        direct = new DirectConvolution(stream, maps, new PlainConvolution(kernels, maps.arrays()));
        taps = new WeightTaps(stream);
        WinogradConvolution of3x3 = WinogradConvolution.of3x3(taps, maps, winogradMemory);
        WinogradConvolution of4x4 = WinogradConvolution.of4x4(taps, maps, winogradMemory);
        table = List.of(
                new Rule((x, y, kernel, stride) -> x.lanes() > 1 && y.lanes() == 1 && stride == 1, new FewOutputsConvolution(maps, direct)),
                new Rule((x, y, kernel, stride) -> x.lanes() == 1 && y.lanes() > 1, new FewInputsConvolution(kernels, maps, direct)),
                new Rule((x, y, kernel, stride) -> MatrixConvolution.suits(x, y), new MatrixConvolution(maps.arrays())),
                new Rule(of3x3::suits, of3x3),
                new Rule(of4x4::suits, of4x4),
                new Rule((x, y, kernel, stride) -> true, direct));
    }

    private ConvolutionAlgorithm algorithm(FeatureMaps x, FeatureMaps y, int kernel, int stride) {
        for (Rule rule : table) {
            if (rule.condition().met(x, y, kernel, stride)) {
                return rule.algorithm();
            }
        }
        throw new IllegalStateException("the last rule is met by every shape");
    }

    /** {@link MapKernels#convolve}. */
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        algorithm(x, y, (int) weights.size(2), stride).convolve(x, weights, stride, y);
    }

    /**
     * {@link MapKernels#convolveBackward}, without folding the border.
     *
     * @param dx the gradient of the input with its border, or null
     */
    public void backward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights) {
        ConvolutionAlgorithm algorithm = algorithm(x, dy, (int) weights.size(2), stride);
        if (dx == null) {
            algorithm.addWeightGradient(x, dy, stride, dWeights);
        } else if (dWeights == null) {
            algorithm.inputGradient(dy, weights, stride, dx);
        } else {
            algorithm.backward(x, weights, dy, stride, dx, dWeights);
        }
    }

    /** Frees the memory. */
    public void close() {
        direct.close();
        winogradMemory.close();
        taps.close();
        maps.close();
    }
}
