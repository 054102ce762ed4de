package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.tensor.cpu.convolution.GrowingMemory;
import io.ugatit.tensor.cpu.pass.InParallel;

/**
 * Weights whose rows of matrices are transformed as they are needed, each by the thread that multiplies with it.
 *
 * @param transform of the weights
 * @param taps that it reads
 * @param size rows, and matrices of a row
 * @param memory for the rows
 */
record WeightsByRow(WeightTransform transform, Planes taps, int size, WinogradMemory memory) implements TransformedWeights {

    @Override
    public void forEachMatrix(long work, Action action) {
        InParallel.forEach(size, work, row -> {
            GrowingMemory rowMemory = memory.takeWeightRow();
            Planes matrices = Planes.in(rowMemory, size, taps.rows(), taps.columns());
            transform.row(taps, row, matrices);
            for (int j = 0; j < size; j++) {
                action.on(row * size + j, matrices.matrix(j));
            }
            memory.giveBack(rowMemory);
        });
    }
}
