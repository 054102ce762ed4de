package io.ugatit.tensor.cpu.convolution.winograd;

import static io.ugatit.tensor.cpu.pass.VectorRows.load;
import static io.ugatit.tensor.cpu.pass.VectorRows.store;

import io.ugatit.tensor.cpu.pass.VectorRows;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** F(3,4): a square of 4x4 weights takes a quarter of the multiplications. */
final class ThreeOutputs extends SixProducts {

    @Override
    public int outputs() {
        return 3;
    }

    @Override
    public int taps() {
        return 4;
    }

    @Override
    public void output(Vectors p, int runs, Vectors out) {
        output(p.memory(), p.start(), p.step(), p.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void output(ByteBuffer p, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector p1 = load(p, a + s);
            FloatVector p2 = load(p, a + 2 * s);
            FloatVector p3 = load(p, a + 3 * s);
            FloatVector p4 = load(p, a + 4 * s);
            FloatVector sumA = p1.add(p2);
            FloatVector differenceA = p1.sub(p2);
            FloatVector sumB = p3.add(p4);
            FloatVector differenceB = p3.sub(p4);
            store(load(p, a).add(sumA).add(sumB), out, b);
            store(differenceA.fma(of(A), differenceB.mul(of(B))), out, b + t);
            store(sumA.fma(of(A2), sumB.fma(of(B2), load(p, a + 5 * s))), out, b + 2 * t);
        }
    }

    @Override
    public void outputGradient(Vectors dy, int runs, Vectors out) {
        outputGradient(dy.memory(), dy.start(), dy.step(), dy.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void outputGradient(ByteBuffer dy, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector y0 = load(dy, a);
            FloatVector y1 = load(dy, a + s);
            FloatVector y2 = load(dy, a + 2 * s);
            store(y0, out, b);
            FloatVector even = y2.fma(of(A2), y0);
            FloatVector odd = y1.mul(of(A));
            store(even.add(odd), out, b + t);
            store(even.sub(odd), out, b + 2 * t);
            even = y2.fma(of(B2), y0);
            odd = y1.mul(of(B));
            store(even.add(odd), out, b + 3 * t);
            store(even.sub(odd), out, b + 4 * t);
            store(y2, out, b + 5 * t);
        }
    }

    @Override
    public void weights(Vectors g, int runs, Vectors out) {
        weights(g.memory(), g.start(), g.step(), g.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void weights(ByteBuffer g, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector g0 = load(g, a);
            FloatVector g1 = load(g, a + s);
            FloatVector g2 = load(g, a + 2 * s);
            FloatVector g3 = load(g, a + 3 * s);
            store(g0.mul(of(1 / N0)), out, b);
            FloatVector even = g2.fma(of(A2), g0).mul(of(1 / NA));
            FloatVector odd = g3.fma(of(A2), g1).mul(of(A / NA));
            store(even.add(odd), out, b + t);
            store(even.sub(odd), out, b + 2 * t);
            even = g2.fma(of(B2), g0).mul(of(1 / NB));
            odd = g3.fma(of(B2), g1).mul(of(B / NB));
            store(even.add(odd), out, b + 3 * t);
            store(even.sub(odd), out, b + 4 * t);
            store(g3, out, b + 5 * t);
        }
    }

    @Override
    public void weightGradient(Vectors q, int runs, Vectors out) {
        weightGradient(q.memory(), q.start(), q.step(), q.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void weightGradient(ByteBuffer q, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector q1 = load(q, a + s);
            FloatVector q2 = load(q, a + 2 * s);
            FloatVector q3 = load(q, a + 3 * s);
            FloatVector q4 = load(q, a + 4 * s);
            FloatVector sumA = q1.add(q2).mul(of(1 / NA));
            FloatVector sumB = q3.add(q4).mul(of(1 / NB));
            store(load(q, a).fma(of(1 / N0), sumA.add(sumB)), out, b);
            FloatVector differenceA = q1.sub(q2).mul(of(A / NA));
            FloatVector differenceB = q3.sub(q4).mul(of(B / NB));
            store(differenceA.add(differenceB), out, b + t);
            store(sumA.fma(of(A2), sumB.mul(of(B2))), out, b + 2 * t);
            store(differenceA.fma(of(A2), differenceB.fma(of(B2), load(q, a + 5 * s))), out, b + 3 * t);
        }
    }
}
