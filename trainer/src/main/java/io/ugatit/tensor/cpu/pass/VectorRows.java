package io.ugatit.tensor.cpu.pass;

import io.ugatit.tensor.Activation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Arithmetic on rows of floats outside the Java heap with Java's Vector API. Offsets are in bytes. Factors come as one vector: the lanes of
 * a blocked pixel, or the same value everywhere for plain maps.
 */
public final class VectorRows {
    /** The widest vectors of this machine. */
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Floats of a vector. */
    public static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int BYTES = SPECIES.vectorByteSize();

    private VectorRows() { }

    /** A vector from memory. */
    public static FloatVector load(ByteBuffer memory, int offset) {
        return FloatVector.fromByteBuffer(SPECIES, memory, offset, ORDER);
    }

    /** A vector to memory. */
    public static void store(FloatVector vector, ByteBuffer memory, int offset) {
        vector.intoByteBuffer(memory, offset, ORDER);
    }

    /** Some lanes from memory, zeros in the others. */
    public static FloatVector load(ByteBuffer memory, int offset, VectorMask<Float> mask) {
        return FloatVector.fromByteBuffer(SPECIES, memory, offset, ORDER, mask);
    }

    /** Some lanes to memory. */
    public static void store(FloatVector vector, ByteBuffer memory, int offset, VectorMask<Float> mask) {
        vector.intoByteBuffer(memory, offset, ORDER, mask);
    }

    /** Bytes of the whole vectors in so many floats. */
    private static int wholeBytes(int floats) {
        return floats / LANES * BYTES;
    }

    /** The floats that are left over after the whole vectors. */
    private static VectorMask<Float> rest(int floats) {
        return SPECIES.indexInRange(0, floats % LANES);
    }

    /** Sets whole vectors to zero. */
    public static void clear(ByteBuffer y, int to, int floats) {
        for (int j = 0; j < floats * Float.BYTES; j += BYTES) {
            store(FloatVector.zero(SPECIES), y, to + j);
        }
    }

    /** Copies whole vectors. */
    public static void copy(ByteBuffer x, int from, int floats, ByteBuffer y, int to) {
        for (int j = 0; j < floats * Float.BYTES; j += BYTES) {
            store(load(x, from + j), y, to + j);
        }
    }

    /** {@code y += x}. */
    public static void add(ByteBuffer x, int from, int floats, ByteBuffer y, int to) {
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            store(load(y, to + j).add(load(x, from + j)), y, to + j);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            store(load(y, to + whole, rest).add(load(x, from + whole, rest)), y, to + whole, rest);
        }
    }

    /** {@code y += summand}. */
    public static void add(FloatVector summand, ByteBuffer y, int to, int floats) {
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            store(load(y, to + j).add(summand), y, to + j);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            store(load(y, to + whole, rest).add(summand), y, to + whole, rest);
        }
    }

    /** {@code out = scale * y + shift}, negative results times {@code slope}. */
    public static void affine(ByteBuffer y, int from, int floats, FloatVector scale, FloatVector shift, float slope, ByteBuffer out, int to) {
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            store(leak(load(y, from + j).fma(scale, shift), slope), out, to + j);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            store(leak(load(y, from + whole, rest).fma(scale, shift), slope), out, to + whole, rest);
        }
    }

    /** {@code out = scale * y + shift + residual}, negative results times {@code slope}. */
    public static void affine(ByteBuffer y, int from, int floats, FloatVector scale, FloatVector shift, ByteBuffer residual, int residualFrom,
            float slope, ByteBuffer out, int to) {
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            FloatVector v = load(y, from + j).fma(scale, shift).add(load(residual, residualFrom + j));
            store(leak(v, slope), out, to + j);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            FloatVector v = load(y, from + whole, rest).fma(scale, shift).add(load(residual, residualFrom + whole, rest));
            store(leak(v, slope), out, to + whole, rest);
        }
    }

    private static FloatVector leak(FloatVector v, float slope) {
        return v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0));
    }

    /**
     * {@code x = tanh(x)}, by its continued fraction (Lambert) at an eighth of x and three times the double angle,
     * {@code tanh(2y) = 2t / (1 + t^2)}: within 5e-7 of the result. Not the Vector API's own, whose last bits change once it is compiled.
     */
    public static void tanh(ByteBuffer x, int from, int floats) {
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            store(tanh(load(x, from + j)), x, from + j);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            store(tanh(load(x, from + whole, rest)), x, from + whole, rest);
        }
    }

    private static FloatVector tanh(FloatVector x) {
        // from 10 on it is 1 in single precision
        FloatVector y = x.min(10).max(-10).mul(0.125f);
        FloatVector z = y.mul(y);
        FloatVector numerator = z.add(378).mul(z).add(17325).mul(z).add(135135).mul(y);
        FloatVector denominator = z.mul(28).add(3150).mul(z).add(62370).mul(z).add(135135);
        return doubleAngle(doubleAngle(doubleAngle(numerator.div(denominator))));
    }

    private static FloatVector doubleAngle(FloatVector t) {
        return t.add(t).div(t.mul(t).add(1));
    }

    /**
     * The sum of a vector's lanes, always in one order: that of the Vector API's own changes when it is compiled.
     *
     * @param work as many floats as lanes
     */
    public static float total(FloatVector vector, float[] work) {
        vector.intoArray(work, 0);
        float total = 0;
        for (float lane : work) {
            total += lane;
        }
        return total;
    }

    /**
     * The sums over the channels of a row of blocked pixels.
     *
     * @param next bytes from one block of channels to the next
     * @param sums a float for each pixel
     */
    public static void sumBlocks(ByteBuffer x, int from, int next, int blocks, int channels, int pixels, ByteBuffer sums, int to) {
        VectorMask<Float> last = SPECIES.indexInRange(0, channels - (blocks - 1) * LANES);
        float[] work = new float[LANES];
        for (int j = 0; j < pixels; j++) {
            int at = from + j * BYTES;
            FloatVector sum = load(x, at + (blocks - 1) * next, last);
            for (int block = 0; block < blocks - 1; block++) {
                sum = sum.add(load(x, at + block * next));
            }
            sums.putFloat(to + j * Float.BYTES, total(sum, work));
        }
    }

    /** The gradient before an activation of this slope: {@code d} where {@code out} is positive, {@code d * slope} elsewhere. */
    private static FloatVector beforeLeak(FloatVector d, FloatVector out, float slope) {
        return d.mul(slope).blend(d, out.compare(VectorOperators.GT, 0));
    }

    /** The gradient before tanh: {@code d * (1 - out^2)}. */
    private static FloatVector beforeTanh(FloatVector d, FloatVector out) {
        return d.mul(out.mul(out).neg().add(1));
    }

    private static FloatVector before(FloatVector d, FloatVector out, Activation activation, float slope) {
        return activation == Activation.TANH ? beforeTanh(d, out) : beforeLeak(d, out, slope);
    }

    /** Adds the sums of g and of g * y along a row, with g the gradient before the activation. */
    public static void sums(ByteBuffer d, int dFrom, ByteBuffer out, int outFrom, Activation activation, ByteBuffer y, int from, int floats,
            LaneSums sumG, LaneSums sumGy) {
        float slope = activation.slope();
        FloatVector g0 = FloatVector.zero(SPECIES);
        FloatVector gy0 = FloatVector.zero(SPECIES);
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            FloatVector g = before(load(d, dFrom + j), load(out, outFrom + j), activation, slope);
            g0 = g0.add(g);
            gy0 = g.fma(load(y, from + j), gy0);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            FloatVector g = before(load(d, dFrom + whole, rest), load(out, outFrom + whole, rest), activation, slope);
            g0 = g0.add(g);
            gy0 = g.fma(load(y, from + whole, rest), gy0);
        }
        g0.intoArray(sumG.row(), 0);
        sumG.addRow();
        gy0.intoArray(sumGy.row(), 0);
        sumGy.addRow();
    }

    /** {@code dy = ofG * g + ofY * y + constant}, with g the gradient before the activation. */
    public static void combine(ByteBuffer d, int dFrom, ByteBuffer out, int outFrom, Activation activation, ByteBuffer y, int from, int floats,
            float[] ofG, float[] ofY, float[] constant, ByteBuffer dy, int to) {
        // as arrays: a vector that is handed over becomes an object
        FloatVector factorOfG = FloatVector.fromArray(SPECIES, ofG, 0);
        FloatVector factorOfY = FloatVector.fromArray(SPECIES, ofY, 0);
        FloatVector summand = FloatVector.fromArray(SPECIES, constant, 0);
        float slope = activation.slope();
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            FloatVector g = before(load(d, dFrom + j), load(out, outFrom + j), activation, slope);
            store(g.fma(factorOfG, load(y, from + j).fma(factorOfY, summand)), dy, to + j);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            FloatVector g = before(load(d, dFrom + whole, rest), load(out, outFrom + whole, rest), activation, slope);
            store(g.fma(factorOfG, load(y, from + whole, rest).fma(factorOfY, summand)), dy, to + whole, rest);
        }
    }

    /** Adds the sums of {@code x - origin} and of its square along a row. */
    public static void moments(ByteBuffer x, int from, int floats, FloatVector origin, LaneSums sum, LaneSums squares) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector squares0 = FloatVector.zero(SPECIES);
        int whole = wholeBytes(floats);
        for (int j = 0; j < whole; j += BYTES) {
            FloatVector v = load(x, from + j).sub(origin);
            sum0 = sum0.add(v);
            squares0 = v.fma(v, squares0);
        }
        if (floats % LANES != 0) {
            VectorMask<Float> rest = rest(floats);
            FloatVector v = FloatVector.zero(SPECIES).blend(load(x, from + whole, rest).sub(origin), rest);
            sum0 = sum0.add(v);
            squares0 = v.fma(v, squares0);
        }
        sum0.intoArray(sum.row(), 0);
        sum.addRow();
        squares0.intoArray(squares.row(), 0);
        squares.addRow();
    }
}
