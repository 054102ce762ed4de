package io.ugatit.nn;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;

/** A convolution without bias of maps with their border: {@code w * x}. */
final class Convolution {
    private final Compute compute;
    private final Parameter weights;
    private final int stride;

    /** @param weights (O,C,k,k) */
    Convolution(Compute compute, Parameter weights, int stride) {
        this.compute = compute;
        this.weights = weights;
        this.stride = stride;
    }

    /** (N,C,H,W) with a border of p to (N,O,(H+2p-k)/stride+1,(W+2p-k)/stride+1) without one, from the pool. */
    FeatureMaps forward(FeatureMaps x) {
        FeatureMaps y = compute.take(x.images(), (int) weights.value().size(0), outputs(x.height(), x), outputs(x.width(), x), 0);
        compute.convolve(x, weights.value(), stride, y);
        return y;
    }

    private int outputs(int inputs, FeatureMaps x) {
        return (inputs + 2 * x.padding() - (int) weights.value().size(2)) / stride + 1;
    }

    /**
     * At least one of the gradients is asked for.
     *
     * @param x the input; not read unless {@code wantsWeights}, but its shape is
     * @param dy gradient of the output, without a border
     * @param wantsInput whether to return the gradient of the input, of x's shape and from the pool; otherwise null
     * @param wantsWeights whether to add to the weights' gradient
     */
    FeatureMaps backward(FeatureMaps x, FeatureMaps dy, boolean wantsInput, boolean wantsWeights) {
        FeatureMaps dx = wantsInput ? compute.takeLike(x) : null;
        compute.convolveBackward(x, weights.value(), dy, stride, dx, wantsWeights ? weights.gradient() : null);
        return dx;
    }
}
