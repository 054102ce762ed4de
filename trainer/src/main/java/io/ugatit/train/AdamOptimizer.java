package io.ugatit.train;

import io.ugatit.model.NetworkLayer;
import io.ugatit.model.TrainableRange;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Adam (Kingma and Ba, arXiv 1412.6980) with L2 weight decay in the gradient, as PyTorch's {@code torch.optim.Adam(weight_decay=...)}.
 *
 * @param weightDecay added to the gradient as a multiple of the parameter
 */
record AdamOptimizer(double weightDecay) {
    private static final double EPSILON = 1e-8;
    /** Elements updated at once, so that the parameters' decay needs no temporary as large as a network. */
    private static final long PART = 1 << 22;

    /**
     * One update of a network; its gradients are used up.
     *
     * @param step counts from 1
     */
    void update(TrainableRange range, double learningRate, long step) {
        long length = range.parameters().length();
        for (long from = 0; from < length; from += PART) {
            long to = Math.min(length, from + PART);
            update(part(range.parameters(), from, to), part(range.gradients(), from, to), part(range.firstMoments(), from, to),
                    part(range.secondMoments(), from, to), learningRate, step);
        }
    }

    private void update(INDArray parameters, INDArray gradients, INDArray first, INDArray second, double learningRate, long step) {
        try (INDArray decay = parameters.mul(weightDecay)) {
            gradients.addi(decay);
        }
        // ND4J adds epsilon before it corrects the second moment's bias, PyTorch after
        double epsilon = EPSILON * Math.sqrt(1 - Math.pow(NetworkLayer.BETA2, step));
        Nd4j.exec(new AdamUpdater(gradients, second, first, learningRate, NetworkLayer.BETA1, NetworkLayer.BETA2, epsilon,
                Math.toIntExact(step - 1)));
        parameters.subi(gradients);
    }

    private static INDArray part(INDArray vector, long from, long to) {
        return vector.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(from, to));
    }
}
