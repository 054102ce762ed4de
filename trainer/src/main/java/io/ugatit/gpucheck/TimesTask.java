package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.device.Threads;
import io.ugatit.model.Generator;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.LearningRate;
import io.ugatit.train.LossWeights;
import io.ugatit.train.TrainingSchedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Times steps and translations of one image, in every precision. Its process's properties decide about graphs and cuDNN. */
final class TimesTask implements Task {
    private static final int LEAST_WARM_UP = 3;
    private static final int LEAST_TIMED = 5;
    private static final long SEED = 1;

    @Override
    public void run(Assignment assignment) {
        Threads.use(2);
        int all = 0;
        int done = 0;
        for (NetworkOptions network : assignment.extent().timed()) {
            UgatitGraph graph = UgatitGraph.create(network, SEED);
            graph.prepareTraining();
            for (Precision precision : assignment.precisions()) {
                all++;
                if (assignment.hasTime()) {
                    done++;
                    assignment.tell(time(assignment, graph, precision));
                }
            }
        }
        assignment.tellLate("sizes and precisions", done, all);
    }

    private static Finding time(Assignment assignment, UgatitGraph graph, Precision precision) {
        NetworkOptions network = graph.options();
        graph.setCompute(CudaKernels.compute(assignment.gpu(), precision));
        graph.load();
        AlternatingStep step = new AlternatingStep(graph,
                new TrainingSchedule(LossWeights.AUTHORS, new LearningRate(1e-4, Long.MAX_VALUE), 1e-4), 0);
        INDArray a = images(network);
        INDArray b = images(network);
        double seconds = assignment.extent().timedSeconds();
        double stepSeconds = median(seconds, assignment::hasTime, () -> step.fit(a, b));
        INDArray translated = a.dup();
        Generator generator = graph.generator(Network.GEN_A2B);
        double translation = median(seconds / 3, assignment::hasTime, () -> generator.translate(a, translated));
        boolean finite = step.losses().finite();
        graph.closeCompute();
        ObjectNode values = JsonNodeFactory.instance.objectNode().put("size", network.size()).put("ch", network.ch())
                .put("precision", precision.toString()).put("step_s", stepSeconds).put("translations_per_s", 1 / translation);
        return new Finding("step of " + network.size() + "/" + network.ch() + " in " + precision, String.format(Locale.ROOT,
                "%.4f s%s; %,.1f images/s translated", stepSeconds, finite ? "" : ", losses not finite", 1 / translation), finite, values);
    }

    private static INDArray images(NetworkOptions network) {
        return Nd4j.rand(DataType.FLOAT, 1, 3, network.size(), network.size()).muli(2).subi(1);
    }

    /** The median time of a run in the given seconds, after half as many that do not count. */
    private static double median(double seconds, BooleanSupplier hasTime, Runnable run) {
        repeat(seconds / 2, LEAST_WARM_UP, hasTime, run);
        List<Double> times = repeat(seconds, LEAST_TIMED, hasTime, run);
        Collections.sort(times);
        return times.get(times.size() / 2);
    }

    private static List<Double> repeat(double seconds, int least, BooleanSupplier hasTime, Runnable run) {
        List<Double> times = new ArrayList<>();
        long began = System.nanoTime();
        do {
            long start = System.nanoTime();
            run.run();
            times.add((System.nanoTime() - start) / 1e9);
        } while (hasTime.getAsBoolean() && (times.size() < least || System.nanoTime() - began < seconds * 1e9));
        return times;
    }
}
