package io.ugatit.cli;

import io.ugatit.cluster.TrainingListener;
import io.ugatit.job.Progress;
import io.ugatit.model.UgatitGraph;
import java.io.PrintStream;
import java.util.Locale;

/** Prints how a training gets on: steps of the total, rate, time left, losses. */
final class TrainingProgress implements TrainingListener {
    private final PrintStream out;
    private Progress progress;

    TrainingProgress(PrintStream out) {
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
    public void checkpoint(UgatitGraph graph, long stepsDone) {
        // the progress line says enough
    }

    @Override
    public void warning(String line) {
        out.println("warning: " + line);
    }
}
