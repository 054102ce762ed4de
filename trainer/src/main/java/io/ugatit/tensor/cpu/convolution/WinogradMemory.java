package io.ugatit.tensor.cpu.convolution;

/**
 * What Winograd's algorithm holds while it computes: one convolution after the other uses the same memory.
 *
 * @param inputs of tiles
 * @param outputs of tiles
 * @param weights that they are multiplied with
 * @param weightGradients of those
 */
record WinogradMemory(GrowingMemory inputs, GrowingMemory outputs, GrowingMemory weights, GrowingMemory weightGradients) {

    WinogradMemory() {
        this(new GrowingMemory(), new GrowingMemory(), new GrowingMemory(), new GrowingMemory());
    }

    /** Frees it. */
    void close() {
        inputs.close();
        outputs.close();
        weights.close();
        weightGradients.close();
    }
}
