package io.ugatit.train;

import io.ugatit.device.ProcessMemory;
import io.ugatit.device.Threads;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.Generator;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelKind;
import io.ugatit.tensor.cpu.PeakRate;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Times training steps and translations on random images, without Spark: what a step costs on this machine. */
public final class BenchJob {
    private static final int LEAST_FORWARD_PASSES = 5;
    private static final long SEED = 1;
    private static final long WARM_UP_NANOS = 15_000_000_000L;
    private final BenchOptions options;
    private final long warmUpNanos;

    /** @param options what to time */
    public BenchJob(BenchOptions options) {
        this(options, WARM_UP_NANOS);
    }

    /** @param warmUpNanos what goes before each of the two things that are timed */
    BenchJob(BenchOptions options, long warmUpNanos) {
        this.options = options;
        this.warmUpNanos = warmUpNanos;
    }

    /** Measures; medians of several runs, after at least one and 15 seconds that do not count. */
    public BenchResult run() {
        options.kernels().requireHere();
        NetworkOptions network = options.network().orElse(NetworkOptions.DEFAULT);
        KernelChoice choice = KernelChoice.of(options.kernels(), List.of()).reaching(network.largestMapBytes(options.batch()));
        Threads.use(options.threads());
        UgatitGraph graph = UgatitGraph.create(network, SEED);
        graph.prepareTraining();
        graph.setCompute(choice.compute());
        try {
            return run(graph, network, choice);
        } finally {
            graph.closeCompute();
        }
    }

    private BenchResult run(UgatitGraph graph, NetworkOptions network, KernelChoice choice) {
        TrainingSchedule schedule = new TrainingSchedule(options.weights(), new LearningRate(1e-4, Long.MAX_VALUE), 1e-4);
        AlternatingStep step = new AlternatingStep(graph, schedule, 0);
        INDArray a = images(network);
        INDArray b = images(network);
        long stepOperations = operations(graph, () -> step.fit(a, b));
        double stepSeconds = median(options.steps(), () -> step.fit(a, b));
        Generator generator = graph.generator(Network.GEN_A2B);
        INDArray pixels = a.dup();
        long forwardOperations = operations(graph, () -> generator.translate(a, pixels));
        double forwardSeconds = median(Math.max(options.steps(), LEAST_FORWARD_PASSES),
                () -> generator.translate(a, pixels));
        OptionalDouble peak = choice.kind() == KernelKind.CPU ? OptionalDouble.of(PeakRate.measure(options.threads())) : OptionalDouble.empty();
        return new BenchResult(stepSeconds, forwardSeconds, peakRssMegabytes(), graph.compute().kernels().name(), stepOperations,
                forwardOperations, peak);
    }

    /** What convolutions an action asks for; the first time, when a GPU's work is not replayed. */
    private static long operations(UgatitGraph graph, Runnable action) {
        long before = operations(graph);
        action.run();
        return operations(graph) - before;
    }

    private static long operations(UgatitGraph graph) {
        return graph.compute(Network.GEN_A2B).work().operations() + graph.compute(Network.GEN_B2A).work().operations();
    }

    private INDArray images(NetworkOptions network) {
        return Nd4j.rand(DataType.FLOAT, options.batch(), 3, network.size(), network.size()).muli(2).subi(1);
    }

    private double median(int times, Runnable run) {
        // the JVM compiles while it runs: small steps need many until they are as fast as in a training
        long warm = System.nanoTime() + warmUpNanos;
        do {
            run.run();
        } while (System.nanoTime() < warm);
        double[] seconds = new double[times];
        for (int i = 0; i < times; i++) {
            long began = System.nanoTime();
            run.run();
            seconds[i] = (System.nanoTime() - began) / 1e9;
        }
        Arrays.sort(seconds);
        return (seconds[(times - 1) / 2] + seconds[times / 2]) / 2;
    }

    private static long peakRssMegabytes() {
        return ProcessMemory.peakBytes().orElseThrow(
                () -> new JobFailedException("Cannot read the peak memory from /proc/self/status: bench needs Linux")) >> 20;
    }
}
