package io.ugatit.cluster;

import io.ugatit.job.Progress;
import io.ugatit.model.UgatitGraph;
import java.io.PrintStream;
import java.util.Locale;

/** Prints how one training after another gets on: steps of the total, rate, time left and losses, and what is wrong. */
public final class TrainingProgress implements TrainingListener {
    private final PrintStream out;
    private Progress progress;

    /** @param out where the lines go */
    public TrainingProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(long stepsDone, long steps) {
        progress = new Progress("train", stepsDone, steps, "steps", out, System::nanoTime, Progress.DEFAULT_INTERVAL);
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
    public void warning(String line) {
        out.println("warning: " + line);
    }
}
