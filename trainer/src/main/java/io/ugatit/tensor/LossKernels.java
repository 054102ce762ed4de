package io.ugatit.tensor;

/** The terms of the losses with their gradients. */
public interface LossKernels {

    /** Where the value of a term goes: one element of {@code values}, overwritten. */
    record Term(Values values, int index) { }

    /**
     * {@code weight * mean((x - target)^2)}.
     *
     * @param dx its gradient, of x's shape
     */
    void meanSquare(Tensor x, double target, double weight, Tensor dx, Term term);

    /**
     * The same of the values {@code from} to {@code to}, the latter excluded.
     *
     * @param dx as long as x; its gradient is written to the same places
     */
    void meanSquare(Values x, int from, int to, double target, double weight, Values dx, Term term);

    /**
     * {@code weight * mean(binary cross entropy of sigmoid(x) and target)}, PyTorch's {@code binary_cross_entropy_with_logits}.
     *
     * @param dx its gradient, as long as x
     */
    void binaryCrossEntropy(Values x, double target, double weight, Values dx, Term term);

    /**
     * {@code weight * mean(|x - y|)}.
     *
     * @param dx gradient of x, of x's shape
     */
    void meanAbsolute(Tensor x, Tensor y, double weight, Tensor dx, Term term);
}
