package io.ugatit.tensor.cpu.convolution;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * One convolution compiled by oneDNN, with its two gradients, each on first use. The weights are plain (O,C,k,k) and are rearranged on every
 * call, since they change with every step. Used by one thread at a time.
 */
final class OneDnnConvolution {
    private static final String REFERENCE = "ref";
    private static final int ALGORITHM = dnnl.dnnl_convolution_direct;
    private static final long[] NO_PADDING = {0, 0};
    private final ConvolutionShape shape;
    private final memory.desc input;
    private final memory.desc weights;
    private final memory.desc output;
    private final stream stream;
    private final GrowingMemory arrangedWeights;
    private final GrowingMemory scratchpad;
    private convolution_forward.primitive_desc hint;
    private Compiled forward;
    private Compiled inputGradient;
    private Compiled weightGradient;

    /** oneDNN has nothing but its reference loops for a shape, which take a thousand times as long. */
    static final class UnsupportedShapeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnsupportedShapeException(ConvolutionShape shape) {
            super("oneDNN has no fast implementation of " + shape);
        }
    }

    /**
     * A compiled primitive with its arguments.
     *
     * @param from what is read beside or instead of the weights
     * @param to what is written, or the other thing that is read if the weights' gradient is written
     * @param arranged the weights, or their gradient, as the primitive wants them
     * @param plain the same row by row
     * @param arrange between the two, in the direction of the pass
     * @param scratchpad for the primitive's own use
     */
    private record Compiled(primitive primitive, IntMemoryMap arguments, memory from, memory to, memory arranged, long arrangedBytes,
            memory plain, reorder arrange, memory scratchpad, long scratchpadBytes) { }

    /**
     * @param arrangedWeights for weights as a primitive wants them, used by one call at a time
     * @param scratchpad for a primitive's own use
     */
    OneDnnConvolution(ConvolutionShape shape, stream stream, GrowingMemory arrangedWeights, GrowingMemory scratchpad) {
        this.shape = shape;
        this.stream = stream;
        this.arrangedWeights = arrangedWeights;
        this.scratchpad = scratchpad;
        this.input = OneDnn.describe(OneDnn.maps(shape.inputLanes()), shape.images(), shape.inputs(), shape.height(), shape.width());
        this.weights = OneDnn.describe(OneDnn.ANY, shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel());
        this.output = OneDnn.describe(OneDnn.maps(shape.outputLanes()), shape.images(), shape.outputs(), shape.outputHeight(),
                shape.outputWidth());
    }

    /** {@code y = w * x}. */
    void forward(Pointer x, Pointer w, Pointer y) {
        if (forward == null) {
            forward = forwardPass();
        }
        run(forward, x, w, y);
    }

    /** {@code dx}, from {@code dy}. */
    void inputGradient(Pointer dy, Pointer w, Pointer dx) {
        if (inputGradient == null) {
            inputGradient = inputGradientPass();
        }
        run(inputGradient, dy, w, dx);
    }

    private void run(Compiled pass, Pointer from, Pointer w, Pointer to) {
        bind(pass, from, w, to);
        pass.arrange().execute(stream, pass.plain(), pass.arranged());
        pass.primitive().execute(stream, pass.arguments());
    }

    /** Adds to {@code dw}. */
    void addWeightGradient(Pointer x, Pointer dy, Pointer dw) {
        if (weightGradient == null) {
            weightGradient = weightGradientPass();
        }
        bind(weightGradient, x, dw, dy);
        weightGradient.primitive().execute(stream, weightGradient.arguments());
        weightGradient.arrange().execute(stream, weightGradient.arranged(), weightGradient.plain());
    }

    private void bind(Compiled pass, Pointer from, Pointer plain, Pointer to) {
        pass.from().set_data_handle(from);
        pass.plain().set_data_handle(plain);
        pass.to().set_data_handle(to);
        pass.arranged().set_data_handle(arrangedWeights.address(pass.arrangedBytes()));
        pass.scratchpad().set_data_handle(scratchpad.address(pass.scratchpadBytes()));
    }

    private long[] strides() {
        return new long[] {shape.stride(), shape.stride()};
    }

    /** The forward primitive's description, which the gradients' refer to. */
    private convolution_forward.primitive_desc hint() {
        if (hint == null) {
            hint = new convolution_forward.primitive_desc(new convolution_forward.desc(dnnl.dnnl_forward_training, ALGORITHM, input, weights,
                    output, strides(), NO_PADDING, NO_PADDING), OneDnn.callersScratch(), OneDnn.engine(), true);
        }
        return hint;
    }

    private Compiled forwardPass() {
        convolution_forward.primitive_desc description = checked(hint());
        return pass(new convolution_forward(description), description, description.src_desc(), dnnl.DNNL_ARG_SRC,
                description.weights_desc(), dnnl.DNNL_ARG_WEIGHTS, description.dst_desc(), dnnl.DNNL_ARG_DST, false);
    }

    private Compiled inputGradientPass() {
        convolution_backward_data.primitive_desc description = checked(new convolution_backward_data.primitive_desc(
                new convolution_backward_data.desc(ALGORITHM, input, weights, output, strides(), NO_PADDING, NO_PADDING),
                OneDnn.callersScratch(), OneDnn.engine(), hint()));
        return pass(new convolution_backward_data(description), description, description.diff_dst_desc(), dnnl.DNNL_ARG_DIFF_DST,
                description.weights_desc(), dnnl.DNNL_ARG_WEIGHTS, description.diff_src_desc(), dnnl.DNNL_ARG_DIFF_SRC, false);
    }

    private Compiled weightGradientPass() {
        convolution_backward_weights.primitive_desc description = checked(new convolution_backward_weights.primitive_desc(
                new convolution_backward_weights.desc(ALGORITHM, input, weights, output, strides(), NO_PADDING, NO_PADDING),
                OneDnn.callersScratch(), OneDnn.engine(), hint()));
        return pass(new convolution_backward_weights(description), description, description.src_desc(), dnnl.DNNL_ARG_SRC,
                description.diff_weights_desc(), dnnl.DNNL_ARG_DIFF_WEIGHTS, description.diff_dst_desc(), dnnl.DNNL_ARG_DIFF_DST, true);
    }

    private <D extends primitive_desc> D checked(D description) {
        if (description.impl_info_str().getString().startsWith(REFERENCE)) {
            throw new UnsupportedShapeException(shape);
        }
        return description;
    }

    private Compiled pass(primitive primitive, primitive_desc description, memory.desc fromDescription, int fromArgument,
            memory.desc arrangedDescription, int weightsArgument, memory.desc toDescription, int toArgument, boolean gradient) {
        memory from = OneDnn.unbound(fromDescription);
        memory to = OneDnn.unbound(toDescription);
        memory arranged = OneDnn.unbound(arrangedDescription);
        memory plain = OneDnn.unbound(OneDnn.describe(OneDnn.PLAIN, shape.outputs(), shape.inputs(), shape.kernel(), shape.kernel()));
        memory scratchpad = OneDnn.unbound(description.scratchpad_desc());
        IntMemoryMap arguments = new IntMemoryMap();
        arguments.put(fromArgument, from).put(toArgument, to).put(weightsArgument, arranged).put(dnnl.DNNL_ARG_SCRATCHPAD, scratchpad);
        reorder arrange = gradient ? new reorder(arranged, plain, OneDnn.adding()) : new reorder(plain, arranged);
        return new Compiled(primitive, arguments, from, to, arranged, arrangedDescription.get_size(), plain, arrange, scratchpad,
                description.scratchpad_desc().get_size());
    }
}
