package io.ugatit.tensor.cpu.convolution.winograd;

import java.nio.ByteBuffer;

/**
 * Winograd's minimal filtering F(m,r): m neighbouring outputs of a filter of r weights, its taps, by m + r - 1 multiplications,
 * {@code y = A' ((G g) . (B' d))} (Lavin and Gray, arXiv 1509.09308, section 4). These are its transforms and, for the gradients, the
 * transposes of them; a transform of a square is that of its columns and then that of its rows. Each works on vectors of channels. The loops
 * take {@link Vectors} apart before they begin: reading through it took 1.3 to 1.7 times as long.
 */
interface MinimalFilter {

    /**
     * Where a transform reads or writes: the k-th vector of its j-th run is at {@code start + j * step + k * stride}, in bytes.
     *
     * @param memory off the Java heap
     */
    record Vectors(ByteBuffer memory, int start, int step, int stride) { }

    /** m. */
    int outputs();

    /** r. */
    int taps();

    /** Inputs of a run, and products: m + r - 1. */
    default int size() {
        return outputs() + taps() - 1;
    }

    /** {@code B' d}: the inputs of a run to as many. */
    void input(Vectors d, int runs, Vectors out);

    /** {@code A' p}: the products of a run to m outputs. */
    void output(Vectors p, int runs, Vectors out);

    /** {@code A dy}: m gradients of outputs to one for each product. */
    void outputGradient(Vectors dy, int runs, Vectors out);

    /** {@code B p}: to the gradients of inputs. Runs overlap: the first r - 1 are added to what is there, the others overwrite it. */
    void inputGradient(Vectors p, int runs, Vectors out);

    /** {@code G g}: r weights to one for each product. */
    void weights(Vectors g, int runs, Vectors out);

    /**
     * One row of {@code G g}: r weights to that of one product, with the bits of {@link #weights}.
     *
     * @param row of the product, from 0
     * @param out one vector a run
     */
    void weightsOfProduct(int row, Vectors g, int runs, Vectors out);

    /** {@code G' q}: to the r gradients of weights. */
    void weightGradient(Vectors q, int runs, Vectors out);
}
