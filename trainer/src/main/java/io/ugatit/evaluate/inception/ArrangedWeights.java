package io.ugatit.evaluate.inception;

import io.ugatit.tensor.cpu.convolution.GrowingMemory;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** The weights of all convolutions as oneDNN wants them: 87 MB off the Java heap. */
final class ArrangedWeights {
    private final InceptionWeights source;
    private final stream stream = new stream(OneDnn.engine());
    private final GrowingMemory plain = new GrowingMemory();
    private final List<GrowingMemory> arranged = new ArrayList<>();
    private int convolutions;

    /** @param source asked for one convolution after the other */
    ArrangedWeights(InceptionWeights source) {
        this.source = source;
    }

    /**
     * The weights of the next convolution, and its bias.
     *
     * @param wanted how the weights are to lie in memory
     * @return them by oneDNN's number of the argument
     * @throws UncheckedIOException if they cannot be read
     */
    Map<Integer, memory> of(Convolution convolution, memory.desc wanted) {
        FoldedConvolution folded = next(convolution);
        memory from = OneDnnMemory.at(OneDnn.describeStrided(folded.order().strides(convolution.shape()), convolution.shape()),
                filled(plain, folded.weights()));
        memory weights = OneDnnMemory.at(wanted, kept().address(wanted.get_size()).address());
        new reorder(from, weights).execute(stream, from, weights);
        memory bias = OneDnnMemory.at(OneDnnMemory.vector(convolution.outputs()), filled(kept(), folded.bias()));
        return Map.of(dnnl.DNNL_ARG_WEIGHTS, weights, dnnl.DNNL_ARG_BIAS, bias);
    }

    private FoldedConvolution next(Convolution convolution) {
        try {
            convolutions++;
            return source.of(convolution, convolutions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GrowingMemory kept() {
        GrowingMemory memory = new GrowingMemory();
        arranged.add(memory);
        return memory;
    }

    private static long filled(GrowingMemory memory, float[] values) {
        FloatPointer floats = memory.floats(values.length);
        floats.put(values, 0, values.length);
        return floats.address();
    }

    /** Frees what only reading needs. */
    void complete() {
        plain.close();
    }

    /** Frees the memory. */
    void close() {
        plain.close();
        arranged.forEach(GrowingMemory::close);
    }
}
