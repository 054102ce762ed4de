package io.ugatit.cluster.rounds;

import io.ugatit.cluster.transport.TrainingState;
import io.ugatit.model.Network;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.train.TrainingSchedule;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is the same in every round of a training.
 *
 * @param workers that train side by side, at least 1
 * @param averagingFrequency steps of every worker in a round, at least 1
 * @param batch images of each domain in a step of a worker, at least 1
 * @param threads that one worker computes with, at least 1
 * @param schedule what decides a step besides the images
 * @param moments what becomes of Adam's moments at the end of a round
 * @param chunkBytes of the pieces in which state travels, a multiple of 4
 * @param kernels that workers compute with
 */
public record RoundOptions(int workers, int averagingFrequency, int batch, int threads, TrainingSchedule schedule, MomentsPolicy moments,
        int chunkBytes, KernelOptions kernels) implements Serializable {

    /**
     * A graph's state, as it travels.
     *
     * @param steps that were made when the round began
     */
    TrainingState state(UgatitGraph graph, long steps) {
        List<INDArray> exact = new ArrayList<>(List.of(graph.params()));
        List<INDArray> rounded = new ArrayList<>();
        switch (moments) {
            case AVERAGE -> exact.add(graph.getUpdater().getStateViewArray());
            case SECOND -> exact.addAll(secondMoments(graph));
            case COMPACT -> rounded.addAll(secondMoments(graph));
            case RESET -> { }
        }
        return new TrainingState(exact, rounded, chunkBytes, steps);
    }

    private static List<INDArray> secondMoments(UgatitGraph graph) {
        return Stream.of(Network.values()).map(network -> graph.trainable(network).secondMoments()).toList();
    }
}
