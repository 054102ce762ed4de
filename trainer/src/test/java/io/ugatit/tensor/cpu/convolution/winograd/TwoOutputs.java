package io.ugatit.tensor.cpu.convolution.winograd;

import static io.ugatit.tensor.cpu.pass.VectorRows.load;
import static io.ugatit.tensor.cpu.pass.VectorRows.store;

import io.ugatit.tensor.cpu.pass.VectorRows;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * F(2,3), with the points 0, 1, -1 (Lavin and Gray, arXiv 1509.09308, equation 6): four ninths of the multiplications of a square. Slower than F(4,3),
 * or no faster than the direct algorithm, for every map: only the benchmark and the study of errors have it.
 */
final class TwoOutputs implements MinimalFilter {

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public int taps() {
        return 3;
    }

    private static FloatVector half() {
        return FloatVector.broadcast(VectorRows.SPECIES, 0.5f);
    }

    @Override
    public void input(Vectors d, int runs, Vectors out) {
        input(d.memory(), d.start(), d.step(), d.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void input(ByteBuffer d, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector d1 = load(d, a + s);
            FloatVector d2 = load(d, a + 2 * s);
            store(load(d, a).sub(d2), out, b);
            store(d1.add(d2), out, b + t);
            store(d2.sub(d1), out, b + 2 * t);
            store(d1.sub(load(d, a + 3 * s)), out, b + 3 * t);
        }
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
            store(load(p, a).add(p1).add(p2), out, b);
            store(p1.sub(p2).sub(load(p, a + 3 * s)), out, b + t);
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
            store(y0, out, b);
            store(y0.add(y1), out, b + t);
            store(y0.sub(y1), out, b + 2 * t);
            store(y1.neg(), out, b + 3 * t);
        }
    }

    @Override
    public void inputGradient(Vectors p, int runs, Vectors out) {
        inputGradient(p.memory(), p.start(), p.step(), p.stride(), runs, out.memory(), out.start(), out.step(), out.stride());
    }

    private static void inputGradient(ByteBuffer p, int from, int step, int s, int runs, ByteBuffer out, int to, int toStep, int t) {
        for (int j = 0; j < runs; j++) {
            int a = from + j * step;
            int b = to + j * toStep;
            FloatVector p0 = load(p, a);
            FloatVector p1 = load(p, a + s);
            FloatVector p2 = load(p, a + 2 * s);
            FloatVector p3 = load(p, a + 3 * s);
            store(load(out, b).add(p0), out, b);
            store(load(out, b + t).add(p1.sub(p2).add(p3)), out, b + t);
            store(p1.add(p2).sub(p0), out, b + 2 * t);
            store(p3.neg(), out, b + 3 * t);
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
            FloatVector g2 = load(g, a + 2 * s);
            FloatVector even = g0.add(g2).mul(half());
            FloatVector odd = load(g, a + s).mul(half());
            store(g0, out, b);
            store(even.add(odd), out, b + t);
            store(even.sub(odd), out, b + 2 * t);
            store(g2, out, b + 3 * t);
        }
    }

    @Override
    public void weightsOfProduct(int row, Vectors g, int runs, Vectors out) {
        for (int j = 0; j < runs; j++) {
            int a = g.start() + j * g.step();
            FloatVector g0 = load(g.memory(), a);
            FloatVector g2 = load(g.memory(), a + 2 * g.stride());
            FloatVector even = g0.add(g2).mul(half());
            FloatVector odd = load(g.memory(), a + g.stride()).mul(half());
            FloatVector weight = switch (row) {
                case 0 -> g0;
                case 1 -> even.add(odd);
                case 2 -> even.sub(odd);
                default -> g2;
            };
            store(weight, out.memory(), out.start() + j * out.step());
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
            FloatVector sum = q1.add(q2).mul(half());
            store(load(q, a).add(sum), out, b);
            store(q1.sub(q2).mul(half()), out, b + t);
            store(sum.add(load(q, a + 3 * s)), out, b + 2 * t);
        }
    }
}
