package io.ugatit.tensor.cpu.convolution.winograd;

import static io.ugatit.tensor.cpu.pass.VectorRows.load;
import static io.ugatit.tensor.cpu.pass.VectorRows.store;

import io.ugatit.tensor.cpu.pass.VectorRows;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Filters of six products, by the algorithm of Cook and Toom for the points 0, a, -a, b, -b and infinity (Barabasz and others, arXiv 1803.10986,
 * section 2). With a = 3/4 and b = 3/2 the error is a third of that with the usual 1 and 2, and all factors of inputs and outputs are exact.
 * What becomes of the inputs depends on the points alone, so it is here for every split into outputs and taps.
 */
abstract class SixProducts implements MinimalFilter {
    static final float A = 0.75f;
    static final float B = 1.5f;
    static final float A2 = A * A;
    static final float B2 = B * B;
    /** The derivatives of x (x^2 - a^2) (x^2 - b^2) at 0, a and b: what divides the weights. */
    static final float N0 = A2 * B2;
    static final float NA = 2 * A2 * (A2 - B2);
    static final float NB = 2 * B2 * (B2 - A2);

    /**
     * G, a row a product: {@code (g0 f0 + g2 f1) f2 + (g1 f3 + g3 f4) f5}. The even powers of a point and the odd ones are apart, since those
     * of its negative are then rounded alike and cancel as they should: with one factor a weight the goldens' gradients were 3.7e-3 off.
     */
    private static final float[][] OF_POINTS = {{1, 0, 1 / N0, 0, 0, 0}, {1, A2, 1 / NA, 1, A2, A / NA}, {1, A2, 1 / NA, 1, A2, -A / NA},
        {1, B2, 1 / NB, 1, B2, B / NB}, {1, B2, 1 / NB, 1, B2, -B / NB}};
    /** The last weight alone, of three and of four. */
    private static final float[] THIRD = {0, 1, 1, 0, 0, 0};
    private static final float[] FOURTH = {0, 0, 0, 0, 1, 1};

    /** The same factor in every lane. */
    static FloatVector of(float factor) {
        return FloatVector.broadcast(VectorRows.SPECIES, factor);
    }

    @Override
    public final void input(Vectors d, int runs, Vectors out) {
        input(d.memory(), d.start(), d.step(), d.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void input(ByteBuffer d, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector d1 = load(d, a + s);
            FloatVector d2 = load(d, a + 2 * s);
            FloatVector d3 = load(d, a + 3 * s);
            FloatVector d4 = load(d, a + 4 * s);
            store(load(d, a).fma(of(A2 * B2), d2.fma(of(-A2 - B2), d4)), out, b);
            FloatVector even = d2.fma(of(-B2), d4);
            FloatVector odd = d1.fma(of(-B2), d3).mul(of(A));
            store(even.add(odd), out, b + t);
            store(even.sub(odd), out, b + 2 * t);
            even = d2.fma(of(-A2), d4);
            odd = d1.fma(of(-A2), d3).mul(of(B));
            store(even.add(odd), out, b + 3 * t);
            store(even.sub(odd), out, b + 4 * t);
            store(d1.fma(of(A2 * B2), d3.fma(of(-A2 - B2), load(d, a + 5 * s))), out, b + 5 * t);
        }
    }

    @Override
    public final void weightsOfProduct(int row, Vectors g, int runs, Vectors out) {
        float[] factors = row < OF_POINTS.length ? OF_POINTS[row] : taps() > 3 ? FOURTH : THIRD;
        weights(factors, g.memory(), g.start(), g.step(), g.stride(), runs, out.memory(), out.start(), out.step(), taps());
    }

    private static void weights(float[] f, ByteBuffer g, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int taps) {
        FloatVector f0 = of(f[0]);
        FloatVector f1 = of(f[1]);
        FloatVector f2 = of(f[2]);
        FloatVector f3 = of(f[3]);
        FloatVector f4 = of(f[4]);
        FloatVector f5 = of(f[5]);
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            FloatVector even = load(g, a + 2 * s).fma(f1, load(g, a).mul(f0)).mul(f2);
            FloatVector g1 = load(g, a + s);
            FloatVector odd = taps > 3 ? load(g, a + 3 * s).fma(f4, g1.mul(f3)).mul(f5) : g1.mul(f5);
            store(even.add(odd), out, to + j * toStep);
        }
    }

    @Override
    public final void inputGradient(Vectors p, int runs, Vectors out) {
        inputGradient(p.memory(), p.start(), p.step(), p.stride(), runs, out.memory(), out.start(), out.step(), out.stride(), taps());
    }

    private static void inputGradient(ByteBuffer p, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t,
            int taps) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector p0 = load(p, a);
            FloatVector p1 = load(p, a + s);
            FloatVector p2 = load(p, a + 2 * s);
            FloatVector p3 = load(p, a + 3 * s);
            FloatVector p4 = load(p, a + 4 * s);
            FloatVector p5 = load(p, a + 5 * s);
            FloatVector sumA = p1.add(p2);
            FloatVector differenceA = p1.sub(p2).mul(of(A));
            FloatVector sumB = p3.add(p4);
            FloatVector differenceB = p3.sub(p4).mul(of(B));
            store(p0.fma(of(A2 * B2), load(out, b)), out, b);
            store(differenceA.fma(of(-B2), differenceB.fma(of(-A2), p5.mul(of(A2 * B2)))).add(load(out, b + t)), out, b + t);
            FloatVector third = p0.mul(of(-A2 - B2)).sub(sumA.fma(of(B2), sumB.mul(of(A2))));
            store(taps > 3 ? third.add(load(out, b + 2 * t)) : third, out, b + 2 * t);
            store(p5.fma(of(-A2 - B2), differenceA.add(differenceB)), out, b + 3 * t);
            store(p0.add(sumA).add(sumB), out, b + 4 * t);
            store(p5, out, b + 5 * t);
        }
    }
}
