package io.ugatit.cluster.transport;

/**
 * Numbers from 0 on in 16 bits: bfloat16 with the bit of the sign given to the fraction, 8 bits of exponent and 8 of fraction. So it has the
 * range of floats, their smallest ones too, in steps of 1/256 to 1/512 of a number. NaN and infinity stay what they are.
 *
 * <p>What lies between two of them goes up or down at random, up as often as it is near to the upper one, so that it is right in the mean
 * (Gupta et al., "Deep Learning with Limited Numerical Precision", ICML 2015, arXiv 1502.02551). To the nearest, a mean of squares that loses a
 * thousandth in a step would stay where it is, and never become smaller. What is drawn follows from the number and from a salt: the same
 * twice is rounded the same way twice.
 */
final class UnsignedBfloat16 {
    /** Bytes of a number. */
    static final int BYTES = Short.BYTES;
    private static final int DROPPED = 15;
    private static final int DROPPED_BITS = (1 << DROPPED) - 1;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private UnsignedBfloat16() { }

    /** A salt for what is rounded after so many steps. */
    static int salt(long steps) {
        return mix((int) (steps ^ steps >>> Integer.SIZE));
    }

    /** @param value is not negative; its sign is lost else */
    static short round(float value, int salt) {
        int bits = Float.floatToRawIntBits(value) & Integer.MAX_VALUE;
        int drawn = bits < INFINITY ? mix(bits ^ salt) & DROPPED_BITS : 0;
        return (short) (bits + drawn >>> DROPPED);
    }

    /** The number itself. */
    static float value(short rounded) {
        return Float.intBitsToFloat(Short.toUnsignedInt(rounded) << DROPPED);
    }

    /** Whether it is neither infinite nor NaN. */
    static boolean isFinite(short rounded) {
        return Short.toUnsignedInt(rounded) << DROPPED < INFINITY;
    }

    /** Every bit of the result depends on every bit of the argument: "lowbias32" of Wellons, "Prospecting for Hash Functions" (2018). */
    private static int mix(int bits) {
        int x = (bits ^ bits >>> 16) * 0x7feb352d;
        x = (x ^ x >>> 15) * 0x846ca68b;
        return x ^ x >>> 16;
    }
}
