package io.ugatit.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Tensors as they come, go and change element by element, and the update of the parameters. */
public interface VectorKernels {

    /**
     * A tensor for a flat vector of the host, as DL4J's graph has them: on the host the vector's own memory; elsewhere memory allocated for
     * it, into and out of which {@link #load} and {@link #store} bring the numbers.
     */
    Tensor resident(INDArray vector);

    /**
     * Brings a part of a resident vector to where the kernels compute; on the host it is there.
     *
     * @param from of {@code to}'s shape, c-ordered and contiguous
     * @param to part of a resident vector; one of rank 4 is taken for a convolution's weights (O,C,k,k), which may lie in another order
     *     than on the host
     */
    void load(INDArray from, Tensor to);

    /** The reverse of {@link #load}. */
    void store(Tensor from, INDArray to);

    /** Copies from the host; {@code from} has the same number of elements, c-ordered and contiguous. */
    void write(INDArray from, Tensor to);

    /** Copies to the host, and waits for it; {@code to} has the same number of elements, c-ordered and contiguous. */
    void read(Tensor from, INDArray to);

    /** Sets every element. */
    void fill(Tensor x, double value);

    /** Copies all elements; the two have the same number of them. */
    void copy(Tensor x, Tensor out);

    /** Adds to all elements; the two have the same number of them. */
    void add(Tensor x, Tensor to);

    /**
     * {@code out_n = y_n + share_n (x_n - y_n)}, of all numbers with the first index n.
     *
     * @param x (N,...)
     * @param y of x's shape
     * @param shares (N)
     * @param out of x's shape
     */
    void interpolate(Tensor x, Tensor y, Tensor shares, Tensor out);

    /** Moves every element into a range. */
    void clip(Tensor x, double least, double most);

    /**
     * A fully connected layer without bias: {@code y = activation(x W')}.
     *
     * @param x (N,I)
     * @param weights (O,I)
     * @param activation NONE or RELU
     * @param y (N,O)
     */
    void linear(Tensor x, Parameter weights, Activation activation, Tensor y);

    /**
     * The gradients of {@link #linear}.
     *
     * @param y what it wrote
     * @param dy gradient of y, used up
     * @param weights to whose gradient is added
     * @param dx gradient of x
     */
    void linearBackward(Tensor x, Parameter weights, Activation activation, Tensor y, Tensor dy, Tensor dx);

    /**
     * One update of Adam (Kingma and Ba, arXiv 1412.6980) with L2 weight decay in the gradient, as PyTorch's {@code torch.optim.Adam}. All
     * four are vectors of one length.
     *
     * @param parameters updated
     * @param gradients used up
     * @param first running mean of the gradients, updated
     * @param second running mean of their squares, updated
     */
    void adam(Tensor parameters, Tensor gradients, Tensor first, Tensor second, AdamRates rates);

    /** Rates to be set. */
    AdamRates adamRates();

    /** So many zeros. */
    Values values(int length);

    /** The elements of a tensor, row by row. */
    Values values(Tensor x);

    /** Copies values into a tensor of as many elements. */
    void write(Values values, Tensor to);

    /** Copies values to the host; waits until they are computed. */
    double[] read(Values values);
}
