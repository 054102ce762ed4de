package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.tensor.cpu.convolution.GrowingMemory;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What Winograd's algorithm holds while it computes: one convolution after the other uses the same memory.
 *
 * @param inputs of tiles
 * @param outputs of tiles
 * @param weights that they are multiplied with
 * @param weightGradients of those
 * @param weightRows of the threads that multiply one row of products each
 */
public record WinogradMemory(GrowingMemory inputs, GrowingMemory outputs, GrowingMemory weights, GrowingMemory weightGradients,
        Deque<GrowingMemory> weightRows) {

    /** None yet. */
    public WinogradMemory() {
        this(new GrowingMemory(), new GrowingMemory(), new GrowingMemory(), new GrowingMemory(), new ConcurrentLinkedDeque<>());
    }

    /** Memory for the weights of a row of products: the calling thread's until it gives it back. */
    GrowingMemory takeWeightRow() {
        GrowingMemory free = weightRows.poll();
        return free == null ? new GrowingMemory() : free;
    }

    void giveBack(GrowingMemory weightRow) {
        weightRows.push(weightRow);
    }

    /** Frees it. */
    public void close() {
        inputs.close();
        outputs.close();
        weights.close();
        weightGradients.close();
        weightRows.forEach(GrowingMemory::close);
    }
}
