package io.ugatit.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainResult;
import io.ugatit.cluster.TrainingProgress;
import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.job.Progress;
import io.ugatit.job.Slots;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.report.ReportJob;
import io.ugatit.report.ReportOptions;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.TranslateJob;
import io.ugatit.translate.TranslateOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Two folders of emoji become a trained translator: extracts the images, prepares them, trains light networks with two workers, translates
 * the test images both ways and writes the report. Killed and started again it goes on where it was.
 */
public final class DemoJob {
    private static final int SIZE = 64;
    /** With fewer steps left, trying some takes as long. */
    private static final long WORTH_TIMING = 200;
    /** Of a training's time to that of its steps alone: averaging, checkpoints and samples. */
    private static final double OVER_STEPS = 1.2;
    /** How many steps take as long as everything but the training. */
    private static final double STEPS_OF_THE_REST = 250;
    private final SparkSession spark;
    private final DemoOptions options;
    private final PrintStream out;
    private final Map<String, Double> timings = new LinkedHashMap<>();

    /**
     * @param spark the session to run in
     * @param options what is asked for
     * @param out where progress goes
     */
    public DemoJob(SparkSession spark, DemoOptions options, PrintStream out) {
        this.spark = spark;
        this.options = options;
        this.out = out;
    }

    /**
     * Runs the whole pipeline.
     *
     * @throws io.ugatit.job.InvalidRequestException if the folder holds a demo of other options, or another demo is writing it
     * @throws JobFailedException if a job fails; started again, the demo goes on
     */
    public DemoResult run() {
        long began = System.nanoTime();
        options.kernels().requireHere();
        Path folder = Path.of(options.output()).toAbsolutePath();
        try (OutputLock lock = OutputLock.inside(configuration(), hadoop(folder), "demo", "--output", out::println)) {
            return run(folder, lock, began);
        }
    }

    private DemoResult run(Path folder, OutputLock lock, long began) {
        Path images = folder.resolve("images");
        Path dataset = folder.resolve("dataset");
        Path run = folder.resolve("run");
        TrainOptions training = training(uri(dataset), uri(run));
        announce(training);
        timed("extract", () -> DemoImages.extractTo(images));
        if (!Files.exists(dataset)) {
            timed("prep", () -> new PrepJob(spark, Options.parse(PrepOptions.class, "--input", uri(images), "--output", uri(dataset),
                    "--size", String.valueOf(SIZE), "--load-size", String.valueOf(SIZE)), out).run());
        }
        TrainResult trained = timed("train", () -> new TrainJob(spark, training, new TrainingProgress(out)).run());
        long translated = timed("translate", () -> translate(folder, "a2b", "testA") + translate(folder, "b2a", "testB"));
        lock.requireHeld();
        storeTimings(run);
        new ReportJob(configuration(), ReportOptions.of(uri(run))).run();
        return new DemoResult(run.resolve("report.html"), trained, translated, (System.nanoTime() - began) / 1e9);
    }

    /** Narrow, shallow networks, a high rate and a strong hold on the source's shapes: what two cores can train in minutes. */
    private TrainOptions training(String dataset, String run) {
        return Options.parse(TrainOptions.class, "--data", dataset, "--run", run, "--size", String.valueOf(SIZE), "--ch", "16",
                "--res-blocks", "1", "--global-layers", "5", "--local-layers", "3", "--workers", "2", "--averaging-frequency", "5",
                "--lr", "1e-3", "--cycle-weight", "20", "--identity-weight", "20", "--cam-weight", "5", "--no-augment",
                "--checkpoint-every", "50", "--steps", String.valueOf(options.steps()), kernels(), precision());
    }

    private String kernels() {
        return "--kernels=" + options.kernels().kernels();
    }

    private String precision() {
        return "--precision=" + options.kernels().precision();
    }

    /** Says how long it will take, unless there is hardly anything left to train. */
    private void announce(TrainOptions training) {
        List<Long> published = new CheckpointStore(new RunDirectory(configuration(), new org.apache.hadoop.fs.Path(training.run()))).steps();
        long left = options.steps() - published.stream().mapToLong(step -> step).max().orElse(0);
        if (left >= WORTH_TIMING) {
            int threads = Math.max(1, Slots.here(spark.sparkContext()) / training.workers());
            double step = new StepTiming(training.network().orElse(NetworkOptions.DEFAULT), training.workers(), threads,
                    KernelChoice.of(options.kernels(), List.of())).seconds(left / 20);
            out.println(announcement(left, step));
        }
    }

    static String announcement(long steps, double secondsEach) {
        return String.format(Locale.ROOT, "demo: %d steps at %.1f/s and the rest will take about %s on this machine", steps, 1 / secondsEach,
                Progress.time(steps * secondsEach * OVER_STEPS + STEPS_OF_THE_REST * secondsEach));
    }

    private long translate(Path folder, String direction, String split) {
        return new TranslateJob(spark, Options.parse(TranslateOptions.class, "--run", uri(folder.resolve("run")), "--direction", direction,
                "--input", uri(folder.resolve("images").resolve(split)), "--output", uri(folder.resolve(direction)), "--overwrite",
                "--heatmaps", kernels(), precision()), out).run().translated();
    }

    private void storeTimings(Path run) {
        try {
            Publishing.write(configuration(), hadoop(run.resolve("timings.json")),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(timings));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers by name are always JSON", e);
        } catch (IOException e) {
            throw new JobFailedException("Cannot store the timings in " + run + ": " + FileFailure.reason(e) + "; the run is safe", e);
        }
    }

    private <T> T timed(String stage, Supplier<T> job) {
        long began = System.nanoTime();
        T result = job.get();
        timings.put(stage, (System.nanoTime() - began) / 1e9);
        return result;
    }

    private Configuration configuration() {
        return spark.sparkContext().hadoopConfiguration();
    }

    private static String uri(Path path) {
        return hadoop(path).toString();
    }

    /** From parts: Hadoop takes no %20 for a space. */
    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path("file", null, path.toString());
    }
}
