package io.ugatit.tensor.cpu;

import io.ugatit.tensor.cpu.pass.VectorRows;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;

/**
 * How many multiplications and additions this machine's cores can do: measured by fused ones in registers, which wait neither for each other nor
 * for memory. Only where {@link CpuKernelsNeeds} lacks nothing.
 */
public final class PeakRate {
    private static final int CHAINS = 10;
    private static final int ROUNDS = 1 << 22;
    private static final int RUNS = 9;

    private PeakRate() { }

    /**
     * The best of several runs of a few hundredths of a second.
     *
     * @param threads that compute at the same time
     * @return operations per second of all of them, a fused one counting twice
     */
    public static double measure(int threads) {
        run();
        return IntStream.range(0, RUNS).mapToDouble(run -> together(threads)).max().orElseThrow();
    }

    private static double together(int threads) {
        double[] rates = new double[threads];
        Thread[] workers = IntStream.range(0, threads).mapToObj(i -> new Thread(() -> rates[i] = run(), "ugatit-peak")).toArray(Thread[]::new);
        for (Thread worker : workers) {
            worker.start();
        }
        for (Thread worker : workers) {
            join(worker);
        }
        return DoubleStream.of(rates).sum();
    }

    private static void join(Thread worker) {
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring this machine's peak", e);
        }
    }

    private static double run() {
        long began = System.nanoTime();
        float sum = chains(0.5f, 0.25f);
        double seconds = (System.nanoTime() - began) / 1e9;
        // the sum is used, so that the loop is not left out
        return Float.isFinite(sum) ? 2.0 * CHAINS * VectorRows.LANES * ROUNDS / seconds : 0;
    }

    /** Ten sums at a time: enough for two units of a latency of five, and with the factors they fit sixteen registers. */
    private static float chains(float factor, float summand) {
        FloatVector x = FloatVector.broadcast(VectorRows.SPECIES, factor);
        FloatVector y = FloatVector.broadcast(VectorRows.SPECIES, summand);
        FloatVector a = y;
        FloatVector b = y;
        FloatVector c = y;
        FloatVector d = y;
        FloatVector e = y;
        FloatVector f = y;
        FloatVector g = y;
        FloatVector h = y;
        FloatVector i = y;
        FloatVector j = y;
        for (int round = 0; round < ROUNDS; round++) {
            a = x.fma(y, a);
            b = x.fma(y, b);
            c = x.fma(y, c);
            d = x.fma(y, d);
            e = x.fma(y, e);
            f = x.fma(y, f);
            g = x.fma(y, g);
            h = x.fma(y, h);
            i = x.fma(y, i);
            j = x.fma(y, j);
        }
        FloatVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
        return sum.lane(0);
    }
}
