package io.ugatit.tensor.cpu;

import static io.ugatit.tensor.host.HostTensor.address;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.cpu.OneDnnConvolution.UnsupportedShapeException;
import io.ugatit.tensor.host.ArrayPool;
import io.ugatit.tensor.host.HostPool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Convolutions of blocked maps by oneDNN, compiled once a shape. A convolution with at most three output channels would waste most of
 * oneDNN's vectors: its forward pass is an own kernel, and for its gradients the two sides change places. Small maps are multiplied as
 * matrices. Used by one thread at a time.
 */
final class OneDnnConvolutions {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnnConvolutions.class);
    private final stream stream = new stream(OneDnn.engine());
    private final OneDnnScratch scratch = new OneDnnScratch();
    private final HostPool maps = new HostPool(DataType.FLOAT);
    private final ArrayPool pool = maps.arrays();
    private final Map<ConvolutionShape, OneDnnConvolution> compiled = new HashMap<>();
    private final Set<Unsupported> unsupported = new HashSet<>();
    private final Kernels kernels;
    private final PlainConvolutions fallback;
    private final MatrixConvolution matrices = new MatrixConvolution(pool);

    /** What oneDNN may do for a shape, or not, each by itself. */
    private enum Pass { FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT }

    private record Unsupported(ConvolutionShape shape, Pass pass) { }

    /** @param kernels that copy between plain and blocked maps */
    OneDnnConvolutions(Kernels kernels) {
        this.kernels = kernels;
        this.fallback = new PlainConvolutions(kernels, pool);
    }

    private OneDnnConvolution compiled(ConvolutionShape shape) {
        return compiled.computeIfAbsent(shape, s -> new OneDnnConvolution(s, stream, scratch));
    }

    /** {@link Kernels#convolve}. */
    void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        if (swaps(x, y, stride)) {
            FewOutputs.convolve(x, Weights.read(weights), y);
        } else if (MatrixConvolution.suits(x, y)) {
            matrices.convolve(x, weights, stride, y);
        } else {
            ConvolutionShape shape = ConvolutionShape.of(x, y, (int) weights.size(2), stride);
            orElse(shape, Pass.FORWARD, () -> read(weights, shape, w -> compiled(shape).forward(address(x), w, address(y))),
                    () -> fallback.convolve(x, weights, stride, y));
        }
    }

    /** The gradient of the padded input, without folding its border. */
    void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        int kernel = (int) weights.size(2);
        if (swaps(dx, dy, stride)) {
            // the zero-padded dy, convolved with the weights turned round
            FeatureMaps around = withZeros(dy, kernel - 1);
            INDArray turned = pool.take(weights.size(1), weights.size(0), kernel, kernel);
            Weights.read(weights).turned().write(turned);
            convolve(around, turned, 1, dx.withoutPadding());
            pool.release(turned);
            maps.release(around.data());
        } else if (swaps(dy, dx, stride)) {
            FeatureMaps around = withZeros(dy, kernel - 1);
            FewOutputs.convolve(around, Weights.read(weights).turned(), dx.withoutPadding());
            maps.release(around.data());
        } else if (MatrixConvolution.suits(dx, dy)) {
            matrices.inputGradient(dy, weights, stride, dx);
        } else if (dx.lanes() == 1 && dy.lanes() > 1) {
            // wasteful, but strides make small maps
            FeatureMaps whole = dx.withoutPadding();
            FeatureMaps blocked = take(dy.lanes(), whole.images(), whole.channels(), whole.height(), whole.width());
            inputGradient(dy, weights, stride, blocked);
            kernels.copy(blocked, whole);
            maps.release(blocked.data());
        } else {
            ConvolutionShape shape = ConvolutionShape.of(dx, dy, kernel, stride);
            if (shape.wantsWiderInputGradient()) {
                widerInputGradient(dy, weights, stride, dx);
                return;
            }
            orElse(shape, Pass.INPUT_GRADIENT,
                    () -> read(weights, shape, w -> compiled(shape).inputGradient(address(dy), w, address(dx))),
                    () -> fallback.inputGradient(dy, weights, stride, dx));
        }
    }

    /** With columns of zeros to the right of dy, whose gradients are cut off. */
    private void widerInputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        int width = dx.width() + 2 * dx.padding() + ConvolutionShape.WINOGRAD_TILE;
        FeatureMaps widerDx = take(dx.lanes(), dx.images(), dx.channels(), dx.height() + 2 * dx.padding(), width);
        FeatureMaps widerDy = take(dy.lanes(), dy.images(), dy.channels(), dy.height(), dy.width() + ConvolutionShape.WINOGRAD_TILE);
        ZeroPadding.copy(dy, widerDy, 0);
        inputGradient(widerDy, weights, stride, widerDx);
        ZeroPadding.cut(widerDx, dx);
        maps.release(widerDx.data(), widerDy.data());
    }

    /** Adds to the weights' gradient. */
    void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        int kernel = (int) dWeights.size(2);
        if (swaps(x, dy, stride)) {
            FeatureMaps around = withZeros(dy, kernel - 1);
            INDArray turned = pool.take(dWeights.size(1), dWeights.size(0), kernel, kernel).assign(0);
            addWeightGradient(around, x.withoutPadding(), 1, turned);
            Weights.read(turned).turned().addTo(dWeights);
            pool.release(turned);
            maps.release(around.data());
        } else if (MatrixConvolution.suits(x, dy)) {
            matrices.addWeightGradient(x, dy, stride, dWeights);
        } else {
            ConvolutionShape shape = ConvolutionShape.of(x, dy, kernel, stride);
            orElse(shape, Pass.WEIGHT_GRADIENT,
                    () -> add(dWeights, shape, dw -> compiled(shape).addWeightGradient(address(x), address(dy), dw)),
                    () -> fallback.addWeightGradient(x, dy, stride, dWeights));
        }
    }

    /** Lets weights be read, enlarged to whole blocks of channels. */
    private void read(INDArray weights, ConvolutionShape shape, Consumer<Pointer> use) {
        if (matches(weights, shape)) {
            use.accept(weights(weights));
        } else {
            INDArray enlarged = pool.take(shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel());
            Weights.read(weights).resized(shape.outputs(), shape.inputs()).write(enlarged);
            use.accept(weights(enlarged));
            pool.release(enlarged);
        }
    }

    /** Lets something be added to weights' gradient, enlarged to whole blocks of channels. */
    private void add(INDArray dWeights, ConvolutionShape shape, Consumer<Pointer> use) {
        if (matches(dWeights, shape)) {
            use.accept(weights(dWeights));
        } else {
            INDArray enlarged = pool.take(shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel()).assign(0);
            use.accept(weights(enlarged));
            Weights.read(enlarged).resized((int) dWeights.size(0), (int) dWeights.size(1)).addTo(dWeights);
            pool.release(enlarged);
        }
    }

    private static boolean matches(INDArray weights, ConvolutionShape shape) {
        return weights.size(0) == shape.outputs() && weights.size(1) == shape.inputs();
    }

    /** Whether input and output change places. */
    private static boolean swaps(FeatureMaps x, FeatureMaps y, int stride) {
        return x.lanes() > 1 && y.lanes() == 1 && stride == 1;
    }

    private void orElse(ConvolutionShape shape, Pass pass, Runnable fast, Runnable slow) {
        Unsupported key = new Unsupported(shape, pass);
        // between plain maps: networks of at most three channels, which nobody trains for their speed
        if (shape.inputLanes() == 1 && shape.outputLanes() == 1 || unsupported.contains(key)) {
            slow.run();
            return;
        }
        if (!runs(shape, pass, fast)) {
            unsupported.add(key);
            slow.run();
        }
    }

    /** Runs a pass on as many threads as its shape is worth; false if oneDNN has nothing fast for it, and nothing was written. */
    private static boolean runs(ConvolutionShape shape, Pass pass, Runnable action) {
        int threads = Threads.inUse();
        Threads.use(shape.threads());
        try {
            action.run();
            return true;
        } catch (UnsupportedShapeException e) {
            LOG.warn("{}, {}; ND4J's takes its place", e.getMessage(), pass);
            return false;
        } finally {
            Threads.use(threads);
        }
    }

    private FeatureMaps withZeros(FeatureMaps maps, int border) {
        FeatureMaps around = take(maps.lanes(), maps.images(), maps.channels(), maps.height() + 2 * border, maps.width() + 2 * border);
        ZeroPadding.copy(maps, around, border);
        return around;
    }

    private FeatureMaps take(int lanes, int images, int channels, int height, int width) {
        return FeatureMaps.take(maps, lanes, images, channels, height, width, 0);
    }

    private static Pointer weights(INDArray weights) {
        return new FloatMemory("weights", weights).address();
    }
}
