package io.ugatit.soak;

import io.ugatit.cluster.SmallTraining;
import io.ugatit.job.JobFailedException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** Says what a training does, and ends it behind a checkpoint: what it leaves is the same then, whenever it was asked to end. */
final class SoakListener extends SmallTraining.Silent {
    /** What the line of a round begins with; its last step follows. */
    static final String ROUND = "round ";
    static final int STEPS_A_ROUND = 2;
    static final int ROUNDS_A_CHECKPOINT = 5;

    private final Consumer<String> out;
    private final LongPredicate enough;

    /** How it ends. */
    static final class EnoughException extends JobFailedException {
        private static final long serialVersionUID = 1L;

        EnoughException(long steps) {
            super("enough after " + steps + " steps");
        }
    }

    /**
     * @param out takes lines
     * @param enough whether the training may end, of the step of a checkpoint
     */
    SoakListener(Consumer<String> out, LongPredicate enough) {
        this.out = out;
        this.enough = enough;
    }

    @Override
    public void started(long stepsDone, long steps) {
        out.accept("goes on after step " + stepsDone);
    }

    @Override
    public void workers(String line) {
        out.accept(line);
    }

    /** Ends the training in the round that follows a checkpoint, which is published by then or while the training fails. */
    @Override
    public void round(long stepsDone, double dLoss, double gLoss) {
        out.accept(ROUND + stepsDone);
        long before = stepsDone - STEPS_A_ROUND;
        if (before > 0 && before % (STEPS_A_ROUND * ROUNDS_A_CHECKPOINT) == 0 && enough.test(before)) {
            throw new EnoughException(before);
        }
    }

    @Override
    public void warning(String line) {
        out.accept("warning: " + line);
    }
}
