package io.ugatit.cluster;

import java.util.Optional;

/**
 * What every failure of a training ends in: where it will go on.
 *
 * @param step of the newest checkpoint, if there is one
 */
record LastCheckpoint(Optional<Long> step) {
    /** The end of a line. */
    String isSafe() {
        return step.map(number -> "; the checkpoint of step " + number + " is safe").orElse("; there is no checkpoint yet");
    }
}
