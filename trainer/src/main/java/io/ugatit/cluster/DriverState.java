package io.ugatit.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.cluster.rounds.GeneratorAverage;
import io.ugatit.cluster.rounds.OuterStep;
import io.ugatit.model.UgatitGraph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All that changes from round to round, in the driver's memory: what a checkpoint holds.
 *
 * @param graph the networks
 * @param outer what a round ends in, if not in plain averaging
 * @param optimizerState what a run needs besides parameters to go on as if it had never stopped; empty if all of it begins at zero in every
 *     round
 * @param average of the generators, if they are averaged over the rounds
 */
record DriverState(UgatitGraph graph, Optional<OuterStep> outer, Map<String, INDArray> optimizerState, Optional<GeneratorAverage> average) {

    /** That of the run's checkpoint, or initial parameters. */
    static DriverState of(TrainOptions options, RunStart start) {
        UgatitGraph graph = UgatitGraph.create(start.network(), options.seed());
        if (options.moments().keepsSecond() || options.outer().isOn()) {
            graph.prepareTraining(); // gradients and moments are three times as large as the parameters
        }
        Optional<OuterStep> outer = options.outer().isOn() ? Optional.of(new OuterStep(graph, options.outer())) : Optional.empty();
        Map<String, INDArray> optimizerState = new LinkedHashMap<>();
        if (options.moments().keepsFirst()) {
            optimizerState.putAll(graph.namedMoments());
        } else if (options.moments().keepsSecond()) {
            optimizerState.putAll(graph.namedSecondMoments());
        }
        outer.ifPresent(step -> optimizerState.putAll(step.named()));
        // an imported run has parameters only; its optimizers start at zero, as they are
        start.checkpoint().ifPresent(checkpoint -> checkpoint.readInto(graph.namedParameters(),
                checkpoint.hasMoments() ? optimizerState : Map.of()));
        Optional<GeneratorAverage> average = options.ema() > 0 ? Optional.of(new GeneratorAverage(graph, options.ema())) : Optional.empty();
        average.ifPresent(averages -> start.checkpoint().filter(Checkpoint::hasAverages)
                .ifPresent(checkpoint -> checkpoint.readAverages(averages.named())));
        return new DriverState(graph, outer, optimizerState, average);
    }

    /** Publishes it as the checkpoint of a step. */
    void publish(CheckpointStore store, long step, ObjectNode position) {
        store.publish(step, graph.namedParameters(), optimizerState, average.map(GeneratorAverage::named).orElse(Map.of()), position);
    }
}
