package io.ugatit.cluster;

import io.ugatit.job.Progress;
import io.ugatit.model.UgatitGraph;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints how one training after another gets on: steps of the total, rate, time left and losses, and what is wrong. */
public final class TrainingProgress implements TrainingListener {
    private final PrintStream out;
    private final Duration interval;
    private Progress progress;

    /** @param out where the lines go */
    public TrainingProgress(PrintStream out) {
        this(out, Progress.DEFAULT_INTERVAL);
    }

    /**
     * @param out where the lines go
     * @param interval the least time between two lines about steps
     */
    public TrainingProgress(PrintStream out, Duration interval) {
        this.out = out;
        this.interval = interval;
    }

    @Override
    public void started(long stepsDone, long steps) {
        progress = new Progress("train", stepsDone, steps, "steps", out, System::nanoTime, interval);
    }

    @Override
    public void round(long stepsDone, double dLoss, double gLoss) {
        progress.reach(stepsDone, String.format(Locale.ROOT, "d %.3f g %.1f", dLoss, gLoss));
    }

    @Override
    public void workers(String line) {
        out.println(line);
    }

    @Override
    public void checkpoint(UgatitGraph graph, long stepsDone) {
        // every few minutes a line would say what the next one of the rounds says
    }

    @Override
    public void evaluated(long step, double kid, boolean best) {
        out.printf(Locale.ROOT, "step %d: KID %.4g, both directions summed%s%n", step, kid, best ? ", the best so far" : "");
    }

    @Override
    public void warning(String line) {
        out.println("warning: " + line);
    }
}
