package io.ugatit.tensor.cpu.pass;

import static io.ugatit.tensor.cpu.pass.VectorRows.LANES;
import static io.ugatit.tensor.cpu.pass.VectorRows.SPECIES;

import io.ugatit.tensor.AttentionKernels;
import io.ugatit.tensor.FloatMemory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link AttentionKernels#foldAttention}, {@code folded = W1 * diag(average) + W2 * diag(maximum)}, and its gradient, each in one pass over the
 * matrices.
 */
public final class AttentionRows {
    private AttentionRows() { }

    /**
     * @param weights (C,2C): W1 beside W2
     * @param average C factors of W1's columns
     * @param maximum C factors of W2's columns
     * @param folded (C,C), overwritten
     */
    public static void fold(INDArray weights, INDArray average, INDArray maximum, INDArray folded) {
        int channels = Math.toIntExact(average.length());
        ByteBuffer w = new FloatMemory("weights", weights).bytes();
        ByteBuffer out = new FloatMemory("folded weights", folded).bytes();
        float[] ofAverage = VectorAlgebra.read(average);
        float[] ofMaximum = VectorAlgebra.read(maximum);
        for (int row = 0; row < channels; row++) {
            fold(w, 2 * row * channels * Float.BYTES, ofAverage, ofMaximum, out, row * channels * Float.BYTES);
        }
    }

    private static void fold(ByteBuffer w, int from, float[] average, float[] maximum, ByteBuffer out, int to) {
        int channels = average.length;
        int other = from + channels * Float.BYTES;
        int c = 0;
        for (; c + LANES <= channels; c += LANES) {
            int at = c * Float.BYTES;
            FloatVector product = VectorRows.load(w, other + at).mul(FloatVector.fromArray(SPECIES, maximum, c));
            VectorRows.store(VectorRows.load(w, from + at).fma(FloatVector.fromArray(SPECIES, average, c), product), out, to + at);
        }
        for (; c < channels; c++) {
            int at = c * Float.BYTES;
            out.putFloat(to + at, Math.fma(w.getFloat(from + at), average[c], w.getFloat(other + at) * maximum[c]));
        }
    }

    /**
     * Adds to the three gradients: {@code dW1 += dFolded * diag(average)}, {@code dAverage += the column sums of dFolded . W1}, and the same for
     * the maximum.
     *
     * @param dFolded (C,C)
     * @param dWeights (C,2C)
     */
    public static void foldBackward(INDArray dFolded, INDArray weights, INDArray average, INDArray maximum, INDArray dWeights,
            INDArray dAverage, INDArray dMaximum) {
        int channels = Math.toIntExact(average.length());
        ByteBuffer d = new FloatMemory("gradient of the folded weights", dFolded).bytes();
        ByteBuffer w = new FloatMemory("weights", weights).bytes();
        ByteBuffer dw = new FloatMemory("gradient of the weights", dWeights).bytes();
        addHalf(d, w, dw, 0, VectorAlgebra.read(average), dAverage);
        addHalf(d, w, dw, channels, VectorAlgebra.read(maximum), dMaximum);
    }

    private static void addHalf(ByteBuffer d, ByteBuffer w, ByteBuffer dw, int half, float[] factors, INDArray dFactors) {
        int channels = factors.length;
        float[] sums = new float[channels];
        for (int row = 0; row < channels; row++) {
            addRow(d, row * channels * Float.BYTES, w, dw, (2 * row * channels + half) * Float.BYTES, factors, sums);
        }
        VectorAlgebra.add(sums, dFactors);
    }

    private static void addRow(ByteBuffer d, int from, ByteBuffer w, ByteBuffer dw, int at, float[] factors, float[] sums) {
        int c = 0;
        for (; c + LANES <= factors.length; c += LANES) {
            FloatVector gradient = VectorRows.load(d, from + c * Float.BYTES);
            int there = at + c * Float.BYTES;
            VectorRows.store(gradient.fma(FloatVector.fromArray(SPECIES, factors, c), VectorRows.load(dw, there)), dw, there);
            gradient.fma(VectorRows.load(w, there), FloatVector.fromArray(SPECIES, sums, c)).intoArray(sums, c);
        }
        for (; c < factors.length; c++) {
            float gradient = d.getFloat(from + c * Float.BYTES);
            int there = at + c * Float.BYTES;
            dw.putFloat(there, Math.fma(gradient, factors[c], dw.getFloat(there)));
            sums[c] = Math.fma(gradient, w.getFloat(there), sums[c]);
        }
    }
}
