package io.ugatit.tensor.cuda.cudnn;

/**
 * A convolution without padding, of maps (N,H,W,C) and weights (O,k,k,C), each in one piece.
 *
 * @param pass what of it is computed
 * @param factors what is multiplied, and what the result is rounded to
 * @param images N
 * @param channels C
 * @param outputs O
 * @param kernel k
 * @param stride of both directions
 * @param height of the input, its border included
 * @param width of the input, its border included
 */
public record Convolution(Pass pass, Factors factors, int images, int channels, int outputs, int kernel, int stride, int height,
        int width) {

    /** What is computed of what. */
    public enum Pass {
        /** y of x and w. */
        FORWARD(10, 700),
        /** x, its gradient, of y's and w. */
        INPUT_GRADIENT(12, 706),
        /** w, its gradient, of x and y's. */
        WEIGHT_GRADIENT(11, 712);

        /** The operation's descriptor. */
        final int operation;
        /** Its attributes are alpha, beta, the convolution, w, x and y, from this on. */
        final int attributes;

        Pass(int operation, int attributes) {
            this.operation = operation;
            this.attributes = attributes;
        }
    }

    int outputHeight() {
        return (height - kernel) / stride + 1;
    }

    int outputWidth() {
        return (width - kernel) / stride + 1;
    }
}
