package io.ugatit.tensor.host;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import io.ugatit.tensor.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link io.ugatit.tensor.Kernels#foldAttention} and its gradient: {@code folded = W1 * diag(average) + W2 * diag(maximum)}. */
final class AttentionFold {
    private final ArrayPool scratch;

    AttentionFold(ArrayPool scratch) {
        this.scratch = scratch;
    }

    void forward(Parameter weights, Parameter average, Parameter maximum, INDArray folded) {
        long channels = HostParameters.value(weights).size(0);
        INDArray other = scratch.take(channels, channels);
        INDArray matrix = folded.reshape(channels, channels);
        Broadcasting.multiply(matrix.assign(half(HostParameters.value(weights), 0)), row(average));
        Broadcasting.multiply(other.assign(half(HostParameters.value(weights), 1)), row(maximum));
        matrix.addi(other);
        scratch.release(other);
    }

    void backward(INDArray dFolded, Parameter weights, Parameter average, Parameter maximum) {
        addHalf(dFolded, weights, 0, average);
        addHalf(dFolded, weights, 1, maximum);
    }

    /** dW += dFolded * diag(w), dw += the column sums of dFolded * W. */
    private void addHalf(INDArray dFolded, Parameter weights, int which, Parameter classifier) {
        long channels = HostParameters.value(weights).size(0);
        INDArray matrix = scratch.take(channels, channels);
        INDArray gradient = dFolded.reshape(channels, channels);
        Broadcasting.multiply(matrix.assign(gradient), row(classifier));
        half(HostParameters.gradient(weights), which).addi(matrix);
        matrix.assign(gradient).muli(half(HostParameters.value(weights), which));
        HostParameters.addGradient(classifier, Broadcasting.sum(matrix, 0));
        scratch.release(matrix);
    }

    private static INDArray row(Parameter classifier) {
        return HostParameters.value(classifier).reshape(1, HostParameters.value(classifier).length());
    }

    /** The half of (C,2C,1,1) that belongs to one classifier, as a matrix (C,C). */
    private static INDArray half(INDArray array, int which) {
        long channels = array.size(0);
        return array.reshape(channels, 2 * channels).get(all(), interval(which * channels, (which + 1) * channels));
    }
}
