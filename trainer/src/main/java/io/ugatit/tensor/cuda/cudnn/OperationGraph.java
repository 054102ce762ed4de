package io.ugatit.tensor.cuda.cudnn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A convolution as cuDNN describes it: three tensors, the convolution, the operation, and a graph of that alone. */
final class OperationGraph implements AutoCloseable {
    /** By which pointers are told from each other. */
    static final long X = 'x';
    static final long W = 'w';
    static final long Y = 'y';
    /** Bytes that addresses are multiples of, at least. */
    static final int ALIGNMENT = 16;

    private static final int CONVOLUTION = 1;
    private static final int COMPUTE_TYPE = 100;
    private static final int MODE = 101;
    private static final int DILATIONS = 102;
    private static final int STRIDES = 103;
    private static final int POST_PADDINGS = 104;
    private static final int PRE_PADDINGS = 105;
    private static final int SPATIAL_DIMENSIONS = 106;

    private static final int GRAPH = 15;
    private static final int GRAPH_HANDLE = 800;
    private static final int GRAPH_OPERATIONS = 801;

    private static final int TENSOR = 17;
    private static final int TENSOR_ALIGNMENT = 900;
    private static final int TENSOR_TYPE = 901;
    private static final int TENSOR_DIMENSIONS = 902;
    private static final int TENSOR_STRIDES = 903;
    private static final int TENSOR_ID = 906;

    private static final int TYPE_DATA_TYPE = 1;
    private static final int TYPE_CONVOLUTION_MODE = 7;
    /** The kernel is not turned. */
    private static final int CROSS_CORRELATION = 1;

    private final List<Descriptor> parts = new ArrayList<>();
    private final Descriptor graph;

    /**
     * @param handle of cuDNN; 0: none, for a graph that is not to be executed
     * @throws RefusedException if cuDNN has none such
     */
    OperationGraph(Convolution c, long handle) {
        try {
            int type = c.factors().type();
            Descriptor w = tensor(W, type, c.outputs(), c.channels(), c.kernel(), c.kernel());
            Descriptor x = tensor(X, type, c.images(), c.channels(), c.height(), c.width());
            Descriptor y = tensor(Y, type, c.images(), c.outputs(), c.outputHeight(), c.outputWidth());
            Descriptor convolution = part(CONVOLUTION, "the convolution").constant(COMPUTE_TYPE, TYPE_DATA_TYPE, Factors.DataType.FLOAT)
                    .constant(MODE, TYPE_CONVOLUTION_MODE, CROSS_CORRELATION).longs(SPATIAL_DIMENSIONS, 2).longs(DILATIONS, 1, 1)
                    .longs(STRIDES, c.stride(), c.stride()).longs(PRE_PADDINGS, 0, 0).longs(POST_PADDINGS, 0, 0).finish();
            int first = c.pass().attributes;
            Descriptor operation = part(c.pass().operation, c.toString()).number(first, 1).number(first + 1, 0).of(first + 2, convolution)
                    .of(first + 3, w).of(first + 4, x).of(first + 5, y).finish();
            graph = part(GRAPH, "the graph of " + c).handle(GRAPH_HANDLE, handle).of(GRAPH_OPERATIONS, operation).finish();
        } catch (RefusedException e) {
            close();
            throw e;
        }
    }

    private Descriptor part(int type, String what) {
        Descriptor part = new Descriptor(type, what);
        parts.add(part);
        return part;
    }

    /** Channels side by side, whatever the order of cuDNN's dimensions. */
    private Descriptor tensor(long id, int type, long n, long c, long h, long w) {
        return part(TENSOR, "the tensor " + (char) id).constant(TENSOR_TYPE, TYPE_DATA_TYPE, type).longs(TENSOR_DIMENSIONS, n, c, h, w)
                .longs(TENSOR_STRIDES, h * w * c, 1, w * c, c).longs(TENSOR_ID, id).longs(TENSOR_ALIGNMENT, ALIGNMENT).finish();
    }

    Descriptor descriptor() {
        return graph;
    }

    @Override
    public void close() {
        Collections.reverse(parts);
        parts.forEach(Descriptor::close);
        parts.clear();
    }
}
