package io.ugatit.tensor.cpu.convolution;

import static io.ugatit.tensor.host.HostTensor.address;

import io.ugatit.device.Threads;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.cpu.convolution.OneDnnConvolution.UnsupportedShapeException;
import io.ugatit.tensor.cpu.pass.ZeroPadding;
import io.ugatit.tensor.host.ArrayPool;
import io.ugatit.tensor.host.HostPool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** oneDNN's direct convolution of maps of any layout, compiled once a shape; another one takes its place where oneDNN has nothing fast. */
public final class DirectConvolution implements ConvolutionAlgorithm {
    private static final Logger LOG = LoggerFactory.getLogger(DirectConvolution.class);
    /** Of all threads: once is enough to be told. */
    private static final Set<Unsupported> WARNED = ConcurrentHashMap.newKeySet();

    private final stream stream;
    private final GrowingMemory arrangedWeights = new GrowingMemory();
    private final GrowingMemory scratchpad = new GrowingMemory();
    private final HostPool maps;
    private final ArrayPool pool;
    private final ConvolutionAlgorithm fallback;
    private final Map<ConvolutionShape, OneDnnConvolution> compiled = new HashMap<>();
    private final Set<Unsupported> unsupported = new HashSet<>();

    /** What oneDNN may do for a shape, or not, each by itself. */
    private enum Pass { FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT }

    private record Unsupported(ConvolutionShape shape, Pass pass) { }

    /**
     * @param stream of the thread that uses it
     * @param maps for weights with surplus channels, and for wider maps
     * @param fallback for shapes that oneDNN has no fast implementation of
     */
    public DirectConvolution(stream stream, HostPool maps, ConvolutionAlgorithm fallback) {
        this.stream = stream;
        this.maps = maps;
        this.pool = maps.arrays();
        this.fallback = fallback;
    }

    private OneDnnConvolution compiled(ConvolutionShape shape) {
        return compiled.computeIfAbsent(shape, s -> new OneDnnConvolution(s, stream, arrangedWeights, scratchpad));
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        ConvolutionShape shape = ConvolutionShape.of(x, y, (int) weights.size(2), stride);
        if (!does(shape, Pass.FORWARD, () -> read(weights, shape, w -> compiled(shape).forward(address(x), w, address(y))))) {
            warn(shape, Pass.FORWARD);
            fallback.convolve(x, weights, stride, y);
        }
    }

    @Override
    public void inputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        if (!doesInputGradient(dy, weights, stride, dx) && !doesWiderInputGradient(dy, weights, stride, dx)) {
            warn(ConvolutionShape.of(dx, dy, (int) weights.size(2), stride), Pass.INPUT_GRADIENT);
            fallback.inputGradient(dy, weights, stride, dx);
        }
    }

    private boolean doesInputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        ConvolutionShape shape = ConvolutionShape.of(dx, dy, (int) weights.size(2), stride);
        return does(shape, Pass.INPUT_GRADIENT,
                () -> read(weights, shape, w -> compiled(shape).inputGradient(address(dy), w, address(dx))));
    }

    /** With a column of zeros to the right of dy: for AVX2 oneDNN lacks every third width of 3x3 with stride 2. */
    private boolean doesWiderInputGradient(FeatureMaps dy, INDArray weights, int stride, FeatureMaps dx) {
        FeatureMaps whole = dx.withoutPadding();
        FeatureMaps widerDx = take(whole, whole.width() + stride);
        FeatureMaps widerDy = take(dy, dy.width() + 1);
        try {
            boolean done = false;
            if (!isKnownToLack(ConvolutionShape.of(widerDx, widerDy, (int) weights.size(2), stride), Pass.INPUT_GRADIENT)) {
                ZeroPadding.copy(dy, widerDy, 0);
                done = doesInputGradient(widerDy, weights, stride, widerDx);
            }
            if (done) {
                ZeroPadding.cut(widerDx, dx);
            }
            return done;
        } finally {
            maps.release(widerDx.data(), widerDy.data());
        }
    }

    private FeatureMaps take(FeatureMaps like, int width) {
        return FeatureMaps.take(maps, like.lanes(), like.images(), like.channels(), like.height(), width, 0);
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, INDArray dWeights) {
        ConvolutionShape shape = ConvolutionShape.of(x, dy, (int) dWeights.size(2), stride);
        if (!does(shape, Pass.WEIGHT_GRADIENT,
                () -> add(dWeights, shape, dw -> compiled(shape).addWeightGradient(address(x), address(dy), dw)))) {
            warn(shape, Pass.WEIGHT_GRADIENT);
            fallback.addWeightGradient(x, dy, stride, dWeights);
        }
    }

    /** Lets weights be read, enlarged to whole blocks of channels. */
    private void read(INDArray weights, ConvolutionShape shape, Consumer<Pointer> use) {
        if (matches(weights, shape)) {
            use.accept(weights(weights));
        } else {
            INDArray enlarged = pool.take(shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel());
            try {
                Weights.read(weights).resized(shape.outputs(), shape.inputs()).write(enlarged);
                use.accept(weights(enlarged));
            } finally { // what oneDNN has no fast implementation of ends here too
                pool.release(enlarged);
            }
        }
    }

    /** Lets something be added to weights' gradient, enlarged to whole blocks of channels. */
    private void add(INDArray dWeights, ConvolutionShape shape, Consumer<Pointer> use) {
        if (matches(dWeights, shape)) {
            use.accept(weights(dWeights));
        } else {
            INDArray enlarged = pool.take(shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel());
            try {
                use.accept(weights(enlarged.assign(0)));
                Weights.read(enlarged).resized((int) dWeights.size(0), (int) dWeights.size(1)).addTo(dWeights);
            } finally {
                pool.release(enlarged);
            }
        }
    }

    private static boolean matches(INDArray weights, ConvolutionShape shape) {
        return weights.size(0) == shape.outputs() && weights.size(1) == shape.inputs();
    }

    /** Runs a pass on as many threads as its shape is worth; false if oneDNN has nothing fast for it, and nothing was written. */
    private boolean does(ConvolutionShape shape, Pass pass, Runnable action) {
        if (isKnownToLack(shape, pass)) {
            return false;
        }
        try {
            Threads.with(shape.threads(), action);
            return true;
        } catch (UnsupportedShapeException e) {
            LOG.debug("{}, {}", e.getMessage(), pass);
            unsupported.add(new Unsupported(shape, pass));
            return false;
        }
    }

    private boolean isKnownToLack(ConvolutionShape shape, Pass pass) {
        return isOfFewChannels(shape) || unsupported.contains(new Unsupported(shape, pass));
    }

    /** Between plain maps: networks of at most three channels, which nobody trains for their speed. */
    private static boolean isOfFewChannels(ConvolutionShape shape) {
        return shape.inputLanes() == 1 && shape.outputLanes() == 1;
    }

    private void warn(ConvolutionShape shape, Pass pass) {
        if (!isOfFewChannels(shape) && WARNED.add(new Unsupported(shape, pass))) {
            LOG.warn("oneDNN has no fast implementation of {}, {}; ND4J's takes its place", shape, pass);
        }
    }

    private static Pointer weights(INDArray weights) {
        return new FloatMemory("weights", weights).address();
    }

    /** Frees the memory. */
    public void close() {
        arrangedWeights.close();
        scratchpad.close();
    }
}
