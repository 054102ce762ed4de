package io.ugatit.evaluate.inception;

/**
 * PyTorch's linear interpolation along one direction ({@code align_corners=False}, {@code antialias=False}): each position draws from two
 * neighbours.
 *
 * @param in positions there are
 * @param scale of them to one wanted
 */
record Interpolation(int in, float scale) {

    static Interpolation between(int in, int out) {
        return new Interpolation(in, (float) in / out);
    }

    private float source(int position) {
        return Math.max(0, scale * (position + 0.5f) - 0.5f);
    }

    /** The nearer to the beginning of the two. */
    int first(int position) {
        return Math.min((int) source(position), in - 1);
    }

    /** The other; the same at the end. */
    int second(int position) {
        return Math.min(first(position) + 1, in - 1);
    }

    /** What the other adds, 0 to 1. */
    float share(int position) {
        return Math.min(source(position) - first(position), 1);
    }
}
