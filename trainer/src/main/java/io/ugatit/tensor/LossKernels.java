package io.ugatit.tensor;

/** The terms of the losses with their gradients. */
public interface LossKernels {

    /** Where the value of a term goes: one element of {@code values}, overwritten. */
    record Term(Values values, int index) { }

    /**
     * The function {@code max(least, offset + slope * x)}; not a number where x is not.
     *
     * @param least minus infinity for a straight line
     */
    record Ramp(double offset, double slope, double least) {

        /** The line {@code slope * x}. */
        public static Ramp line(double slope) {
            return new Ramp(0, slope, Double.NEGATIVE_INFINITY);
        }

        /** Hinges at a margin of one: {@code max(0, 1 + slope * x)}. */
        public static Ramp hinge(double slope) {
            return new Ramp(1, slope, 0);
        }
    }

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
     * {@code weight * mean(max(least, offset + slope * x))}, whose gradient is zero where {@code least} is reached.
     *
     * @param weight of any sign
     * @param dx its gradient, of x's shape
     */
    void meanRamp(Tensor x, Ramp ramp, double weight, Tensor dx, Term term);

    /**
     * The same of the values {@code from} to {@code to}, the latter excluded.
     *
     * @param dx as long as x; its gradient is written to the same places
     */
    void meanRamp(Values x, int from, int to, Ramp ramp, double weight, Values dx, Term term);

    /**
     * {@code weight * mean over n of (|x_n| - 1)^2}, |x_n| being the Euclidean length of all numbers of x with the first index n.
     *
     * @param x (N,...)
     * @param dx its gradient, of x's shape; zero where a length is zero, as PyTorch's
     */
    void meanLengthError(Tensor x, double weight, Tensor dx, Term term);

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
