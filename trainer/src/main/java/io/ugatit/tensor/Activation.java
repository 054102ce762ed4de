package io.ugatit.tensor;

/** The element-wise functions of the networks. The derivative of each follows from its output alone, so inputs need not be kept. */
public enum Activation {
    /** x */
    NONE,
    /** max(x, 0) */
    RELU,
    /** max(x, 0.2 x), the discriminators' */
    LEAKY_RELU,
    /** tanh(x), the generators' last */
    TANH;

    /** The slope of {@link #LEAKY_RELU} for negative x. */
    public static final double LEAK = 0.2;

    /** What negative values are multiplied with; 1 for {@link #TANH}, which is not piecewise linear. */
    public float slope() {
        return switch (this) {
            case NONE, TANH -> 1;
            case RELU -> 0;
            case LEAKY_RELU -> (float) LEAK;
        };
    }
}
