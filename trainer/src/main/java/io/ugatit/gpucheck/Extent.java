package io.ugatit.gpucheck;

import io.ugatit.model.NetworkOptions;
import java.util.List;

/** How large what the check computes is. */
public enum Extent {
    /** The authors' networks: for a GPU. */
    FULL(1, 10, NetworkOptions.DEFAULT, 0.01, new NetworkOptions(64, 16, 1, true, false, 6, 4), 200, 20,
            List.of(new NetworkOptions(64, 16, 4, true, false, 6, 4), new NetworkOptions(128, 32, 4, true, false, 7, 5),
                    NetworkOptions.DEFAULT),
            1.5),
    /** The smallest networks: for a CPU in the place of a GPU. */
    TINY(4, 1, new NetworkOptions(16, 4, 1, true, false, 3, 3), 0.001, new NetworkOptions(16, 2, 1, true, false, 3, 3), 12, 3,
            List.of(new NetworkOptions(16, 2, 1, true, false, 3, 3)), 0.05);

    private final int everyOperation;
    private final int goldenSteps;
    private final NetworkOptions convolved;
    private final double measuredSeconds;
    private final NetworkOptions trained;
    private final int trainedSteps;
    private final int checkpointEvery;
    private final List<NetworkOptions> timed;
    private final double timedSeconds;

    Extent(int everyOperation, int goldenSteps, NetworkOptions convolved, double measuredSeconds, NetworkOptions trained, int trainedSteps,
            int checkpointEvery, List<NetworkOptions> timed, double timedSeconds) {
        this.everyOperation = everyOperation;
        this.goldenSteps = goldenSteps;
        this.convolved = convolved;
        this.measuredSeconds = measuredSeconds;
        this.trained = trained;
        this.trainedSteps = trainedSteps;
        this.checkpointEvery = checkpointEvery;
        this.timed = timed;
        this.timedSeconds = timedSeconds;
    }

    /** Of so many operations of the contract one is checked. */
    int everyOperation() {
        return everyOperation;
    }

    /** Steps that are compared with PyTorch's, at most 10. */
    int goldenSteps() {
        return goldenSteps;
    }

    /** Networks whose convolutions are measured. */
    NetworkOptions convolved() {
        return convolved;
    }

    /** Seconds that one of several measurements of a convolution lasts at least. */
    double measuredSeconds() {
        return measuredSeconds;
    }

    /** Networks whose training is killed. */
    NetworkOptions trained() {
        return trained;
    }

    /** Steps of that training. */
    int trainedSteps() {
        return trainedSteps;
    }

    /** Steps between its checkpoints. */
    int checkpointEvery() {
        return checkpointEvery;
    }

    /** Networks whose steps are timed. */
    List<NetworkOptions> timed() {
        return timed;
    }

    /** Seconds of steps that are timed, after half as many that do not count. */
    double timedSeconds() {
        return timedSeconds;
    }
}
