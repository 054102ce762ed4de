package io.ugatit.cluster.rounds;

import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.FloatMemory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The exponential moving average of both generators' parameters, on the driver: after a round of {@code k} steps
 * {@code average = d^k average + (1 - d^k) parameters}, beginning with the parameters it is made of. With rounds of one step this is the
 * average of Karras et al., "Progressive Growing of GANs" (ICLR 2018, arXiv 1710.10196), and of Yazici et al., "The Unusual Effectiveness of
 * Averaging in GAN Training" (ICLR 2019, arXiv 1806.04498); with longer ones a round's last parameters stand for all of its steps. Between
 * rounds there is nothing to average: every worker has parameters of its own. Neither what workers compute nor what travels changes.
 *
 * <p>Takes the memory of both generators' parameters outside the Java heap. Not thread-safe.
 */
public final class GeneratorAverage {
    /** Floats seen through one buffer. */
    private static final int PART = 1 << 20;

    private final double decay;
    private final Map<String, INDArray> parameters = new LinkedHashMap<>();
    private final Map<String, INDArray> averages = new LinkedHashMap<>();

    /**
     * @param graph holds the parameters to begin with, and those after every round
     * @param decay of a step, greater than 0 and less than 1
     */
    public GeneratorAverage(UgatitGraph graph, double decay) {
        this.decay = decay;
        graph.namedParameters().forEach((name, value) -> {
            if (Network.isOfGenerator(name)) {
                parameters.put(name, value);
                averages.put(name, value.dup('c'));
            }
        });
    }

    /** The averages under {@code NET.KEY}, to be stored or overwritten with stored ones. */
    public Map<String, INDArray> named() {
        return averages;
    }

    /**
     * Takes the graph's parameters into the averages.
     *
     * @param steps of the round that has ended, at least 1
     */
    public void roundEnds(int steps) {
        // StrictMath: the same bits on every machine
        float share = (float) (1 - StrictMath.pow(decay, steps));
        averages.forEach((name, average) -> {
            FloatMemory from = new FloatMemory(name, parameters.get(name));
            FloatMemory to = new FloatMemory(name, average);
            for (long first = 0; first < to.length(); first += PART) {
                int count = (int) Math.min(PART, to.length() - first);
                move(floats(to, first, count), floats(from, first, count), share);
            }
            to.written();
        });
    }

    private static FloatBuffer floats(FloatMemory memory, long from, int count) {
        return memory.slice(from, count).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Written as a step towards the parameters: where both are equal nothing moves, and a rho stays in [0, 1]. */
    private static void move(FloatBuffer averages, FloatBuffer parameters, float share) {
        for (int i = 0; i < averages.capacity(); i++) {
            float average = averages.get(i);
            averages.put(i, average + share * (parameters.get(i) - average));
        }
    }
}
