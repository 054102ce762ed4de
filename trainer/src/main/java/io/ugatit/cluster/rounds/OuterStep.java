package io.ugatit.cluster.rounds;

import io.ugatit.model.DivergedException;
import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.FloatMemory;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The driver's step at the end of a round, on every trained parameter: with {@code d = mean - before} it makes
 * {@code v = momentum v + d} and {@code before + rate (d + momentum v)}, which is SGD with Nesterov momentum as PyTorch has it. Keeps two
 * vectors as large as the trained parameters outside the Java heap.
 */
public final class OuterStep {
    /** Floats seen through one buffer. */
    private static final int PART = 1 << 20;
    private static final String NAME = "outer_velocity.";

    private final UgatitGraph graph;
    private final OuterUpdate update;
    private final Map<Network, INDArray> before = new EnumMap<>(Network.class);
    private final Map<Network, INDArray> velocity = new EnumMap<>(Network.class);

    /** @param graph prepared for training; the velocity is zero */
    public OuterStep(UgatitGraph graph, OuterUpdate update) {
        this.graph = graph;
        this.update = update;
        for (Network network : Network.values()) {
            INDArray parameters = graph.trainable(network).parameters();
            before.put(network, Nd4j.createUninitialized(parameters.dataType(), parameters.length()));
            velocity.put(network, Nd4j.create(parameters.dataType(), parameters.length()));
        }
    }

    /** What a checkpoint must hold beside parameters and moments: the velocities, under {@code outer_velocity.NET}. */
    public Map<String, INDArray> named() {
        Map<String, INDArray> named = new LinkedHashMap<>();
        velocity.forEach((network, values) -> named.put(NAME + network.key(), values));
        return named;
    }

    /** Remembers the parameters that a round starts with. */
    void roundBegins() {
        before.forEach((network, values) -> values.assign(graph.trainable(network).parameters()));
    }

    /**
     * Moves the graph's parameters, which are the workers' mean.
     *
     * @throws DivergedException if they are no finite numbers afterwards
     */
    void roundEnds() {
        for (Network network : Network.values()) {
            FloatMemory parameters = new FloatMemory("parameters", graph.trainable(network).parameters());
            FloatMemory started = new FloatMemory("parameters before the round", before.get(network));
            FloatMemory velocities = new FloatMemory("outer velocity", velocity.get(network));
            for (long from = 0; from < parameters.length(); from += PART) {
                int count = (int) Math.min(PART, parameters.length() - from);
                step(floats(parameters, from, count), floats(started, from, count), floats(velocities, from, count));
            }
            parameters.written();
            velocities.written();
        }
    }

    private static FloatBuffer floats(FloatMemory memory, long from, int count) {
        return memory.slice(from, count).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private void step(FloatBuffer parameters, FloatBuffer started, FloatBuffer velocities) {
        float momentum = (float) update.momentum();
        float rate = (float) update.rate();
        for (int i = 0; i < parameters.capacity(); i++) {
            float difference = parameters.get(i) - started.get(i);
            float v = momentum * velocities.get(i) + difference;
            float moved = started.get(i) + rate * (difference + momentum * v);
            if (!Float.isFinite(moved)) {
                throw new DivergedException("parameters are no longer finite: a lower --outer-lr or --outer-momentum"
                        + " may help");
            }
            velocities.put(i, v);
            parameters.put(i, moved);
        }
    }
}
