package io.ugatit.demo;

import io.ugatit.device.Threads;
import io.ugatit.job.DaemonThreads;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.LearningRate;
import io.ugatit.train.LossWeights;
import io.ugatit.train.TrainingSchedule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a training step takes on this machine, from trying it for some seconds on random images: as many workers as will train compute side
 * by side, since they share caches and perhaps cores.
 *
 * @param network sizes of the networks
 * @param workers that train side by side, at least 1
 * @param threads that each computes with, at least 1
 * @param kernels that each computes with
 */
record StepTiming(NetworkOptions network, int workers, int threads, KernelChoice kernels) {
    /** By then the JVM has compiled what takes most of the time. */
    private static final long TRY_NANOS = 6_000_000_000L;

    /**
     * Seconds that a step of the slowest worker takes: the fastest that it has made, since the first ones of a JVM are slow.
     *
     * @param most steps that a worker makes, even if they take no time, at least 1
     */
    double seconds(long most) {
        return seconds(most, DaemonThreads.named("ugatit-timing"));
    }

    /** The same, with a thread of these a worker. */
    double seconds(long most, ThreadFactory threads) {
        List<CompletableFuture<Double>> tried = IntStream.range(0, workers)
                .mapToObj(worker -> CompletableFuture.supplyAsync(() -> fastest(most), task -> threads.newThread(task).start())).toList();
        return tried.stream().mapToDouble(CompletableFuture::join).max().orElseThrow();
    }

    private double fastest(long most) {
        Threads.use(threads);
        UgatitGraph graph = UgatitGraph.create(network, 1);
        graph.prepareTraining();
        graph.setCompute(kernels.compute());
        AlternatingStep step = new AlternatingStep(graph, new TrainingSchedule(LossWeights.AUTHORS, new LearningRate(1e-4, Long.MAX_VALUE), 0), 0);
        INDArray a = image();
        INDArray b = image();
        double fastest = Double.POSITIVE_INFINITY;
        long until = System.nanoTime() + TRY_NANOS;
        for (long steps = 0; steps == 0 || (steps < most && System.nanoTime() < until); steps++) {
            long began = System.nanoTime();
            step.fit(a, b);
            fastest = Math.min(fastest, (System.nanoTime() - began) / 1e9);
        }
        graph.closeCompute();
        return fastest;
    }

    private INDArray image() {
        return Nd4j.rand(DataType.FLOAT, 1, 3, network.size(), network.size()).muli(2).subi(1);
    }
}
