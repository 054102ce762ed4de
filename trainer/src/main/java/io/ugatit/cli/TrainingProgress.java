package io.ugatit.cli;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.Progress;
import io.ugatit.model.UgatitGraph;
import io.ugatit.report.Sampler;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Prints how a training gets on, steps of the total, rate, time left and losses, and draws samples at every checkpoint. */
final class TrainingProgress implements TrainingListener {
    private final PrintStream out;
    private final TrainOptions options;
    private final Configuration configuration;
    private Progress progress;
    private Sampler sampler;

    TrainingProgress(TrainOptions options, Configuration configuration, PrintStream out) {
        this.options = options;
        this.configuration = configuration;
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
        if (sampler == null) {
            sampler = new Sampler(new RunDirectory(configuration, new Path(options.run())), ImageDataset.open(options.data(), configuration));
        }
        sampler.sample(graph, stepsDone);
    }

    @Override
    public void warning(String line) {
        out.println("warning: " + line);
    }
}
