package io.ugatit.evaluate.inception;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cpu.CpuKernelsNeeds;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;

/**
 * Compiles the layers with oneDNN for one image and the calling thread's number of cores, and has their weights arranged as it likes them.
 */
final class Compiler implements Layers<Maps> {
    private static final String REFERENCE = "ref";
    private static final long[] NONE = {0, 0};
    private static final long[] ONE = {1, 1};
    private static final long[] WINDOW = {3, 3};

    private final ArrangedWeights weights;
    private final int layout = OneDnn.maps(CpuKernelsNeeds.lanes());
    private final Arena arena = new Arena();
    private final List<Step> steps = new ArrayList<>();

    /** @param weights of the layers */
    Compiler(ArrangedWeights weights) {
        this.weights = weights;
    }

    /** What has been compiled so far, in order. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The bytes that each region needs. */
    Map<Region, Long> sizes() {
        return arena.sizes();
    }

    @Override
    public Maps images() {
        memory.desc description = OneDnn.describe(OneDnn.PLAIN, 1, 3, InceptionV3.SIDE, InceptionV3.SIDE);
        return new Maps(description, Region.IMAGES, arena.alone(Region.IMAGES, description.get_size()), InceptionV3.SIDE);
    }

    @Override
    public Maps output(int channels, int side) {
        memory.desc description = maps(channels, side);
        Region region = arena.nextBlock();
        return new Maps(description, region, arena.alone(region, description.get_size()), side);
    }

    @Override
    public Maps inner(int channels, int side) {
        memory.desc description = maps(channels, side);
        return new Maps(description, Region.INNER, arena.inner(description.get_size()), side);
    }

    private memory.desc maps(int channels, int side) {
        return OneDnn.describe(layout, 1, channels, side, side);
    }

    @Override
    public Maps part(Maps maps, int first, int channels) {
        // whole groups of lanes of one image: dense maps themselves, where oneDNN would want strides that its fast implementations refuse
        long pixels = (long) maps.side() * maps.side();
        return new Maps(maps(channels, maps.side()), maps.region(), maps.begin() + first * pixels * Float.BYTES, maps.side());
    }

    @Override
    public void convolve(Convolution convolution, Maps from, Maps to) {
        convolve(convolution, from, aboveZero(), to);
    }

    @Override
    public void convolveOnly(Convolution convolution, Maps from, Maps to) {
        convolve(convolution, from, OneDnn.callersScratch(), to);
    }

    private static primitive_attr aboveZero() {
        post_ops relu = new post_ops();
        relu.append_eltwise(1, dnnl.dnnl_eltwise_relu, 0, 0);
        primitive_attr attributes = OneDnn.callersScratch();
        attributes.set_post_ops(relu);
        return attributes;
    }

    private void convolve(Convolution convolution, Maps from, primitive_attr attributes, Maps to) {
        long[] strides = {convolution.stride(), convolution.stride()};
        long[] padding = {convolution.paddingHeight(), convolution.paddingWidth()};
        convolution_forward.primitive_desc compiled = new convolution_forward.primitive_desc(
                new convolution_forward.desc(dnnl.dnnl_forward_inference, dnnl.dnnl_convolution_direct, from.description(),
                        OneDnn.describe(OneDnn.ANY, convolution.shape()), OneDnnMemory.vector(convolution.outputs()), to.description(),
                        strides, padding, padding), attributes, OneDnn.engine());
        requireFast(compiled, convolution.name());
        steps.add(new Step(new convolution_forward(compiled), Map.of(dnnl.DNNL_ARG_SRC, from, dnnl.DNNL_ARG_DST, to),
                weights.of(convolution, compiled.weights_desc()), compiled.scratchpad_desc()));
    }

    @Override
    public void largest(Maps from, int stride, Maps to) {
        pool(dnnl.dnnl_pooling_max, from, new long[] {stride, stride}, WINDOW, stride == 1 ? ONE : NONE, OneDnn.callersScratch(), to);
    }

    @Override
    public void meanAboveZero(Maps from, Maps to) {
        pool(dnnl.dnnl_pooling_avg_exclude_padding, from, ONE, WINDOW, ONE, aboveZero(), to);
    }

    @Override
    public void meanOfAll(Maps from, Maps to) {
        pool(dnnl.dnnl_pooling_avg_exclude_padding, from, ONE, new long[] {from.side(), from.side()}, NONE, OneDnn.callersScratch(),
                to);
    }

    private void pool(int algorithm, Maps from, long[] strides, long[] window, long[] padding, primitive_attr attributes,
            Maps to) {
        pooling_forward.primitive_desc compiled = new pooling_forward.primitive_desc(
                new pooling_forward.desc(dnnl.dnnl_forward_inference, algorithm, from.description(), to.description(), strides, window,
                        padding, padding), attributes, OneDnn.engine());
        requireFast(compiled, "pooling at " + from.side() + " x " + from.side());
        steps.add(new Step(new pooling_forward(compiled), Map.of(dnnl.DNNL_ARG_SRC, from, dnnl.DNNL_ARG_DST, to), Map.of(),
                compiled.scratchpad_desc()));
    }

    /** oneDNN's reference loops take a thousand times as long: the job would seem to hang. */
    private static void requireFast(primitive_desc compiled, String layer) {
        if (compiled.impl_info_str().getString().startsWith(REFERENCE)) {
            throw new JobFailedException("Inception-v3 cannot be computed on " + Host.name() + ": oneDNN has nothing fast for " + layer
                    + " on this processor; use another extractor");
        }
    }
}
