package io.ugatit.tensor;

import java.util.concurrent.atomic.LongAdder;

/**
 * What convolutions have been asked for, in the multiplications and additions that computing them directly takes: a measure of work that does
 * not depend on the algorithm. Thread-safe.
 */
public final class ConvolutionWork {
    private final LongAdder operations = new LongAdder();

    /**
     * Counts one convolution, or one of its gradients, which take as many: {@code 2 N O C k k H' W'}.
     *
     * @param x the input (N,C,H,W)
     * @param y the output (N,O,H',W')
     * @param kernel height and width of the weights
     */
    void add(FeatureMaps x, FeatureMaps y, long kernel) {
        operations.add(2L * y.planes() * y.pixels() * x.channels() * kernel * kernel);
    }

    /** Multiplications and additions so far. */
    public long operations() {
        return operations.sum();
    }
}
