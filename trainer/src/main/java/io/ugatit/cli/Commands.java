package io.ugatit.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainResult;
import io.ugatit.job.Progress;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.prep.PrepResult;
import io.ugatit.report.ReportJob;
import io.ugatit.report.ReportOptions;
import io.ugatit.train.BenchJob;
import io.ugatit.train.BenchOptions;
import io.ugatit.train.BenchResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Every command of the program. To add one: its word, its description, its options record, and what to do. */
final class Commands {
    /** In the order of the usage text. */
    static final List<Command<?>> ALL = List.of(
            new Command<>("prep", "Make a data set of two folders of images.", PrepOptions.class,
                    (spark, options, out) -> print(new PrepJob(spark.get(), options, out).run(), out)),
            new Command<>("train", "Train the six networks, or go on with a run.", TrainOptions.class,
                    (spark, options, out) -> print(new TrainJob(spark.get(), options, new TrainingProgress(out)).run(), out)),
            new Command<>("report", "Write a run's report.html.", ReportOptions.class,
                    (spark, options, out) -> out.println("report "
                            + new ReportJob(spark.get().sparkContext().hadoopConfiguration(), options).run().report())),
            new Command<>("bench", "Time a training step and a translation on this machine.", BenchOptions.class,
                    (spark, options, out) -> print(options, new BenchJob(options).run(), out)));

    private Commands() {}

    private static void print(PrepResult result, PrintStream out) {
        out.printf("prepared %d + %d images to train on, %d + %d to judge by, in %.1f s%n",
                result.trainA(), result.trainB(), result.testA(), result.testB(), result.seconds());
        out.printf("left out %d duplicates, %d that cannot be decoded, %d that are no images%n",
                result.duplicates(), result.rejected(), result.notImages());
        out.println("dataset " + result.path());
    }

    private static void print(TrainResult result, PrintStream out) {
        if (result.stepsNow() > 0) {
            out.printf(Locale.ROOT, "trained %d steps in %s, %.2f images/s%n", result.stepsNow(),
                    Progress.time(result.seconds()), result.images() / result.seconds());
        }
        out.printf("run %s has all of its %d steps%n", result.run(), result.steps());
    }

    private static void print(BenchOptions options, BenchResult result, PrintStream out) {
        NetworkOptions network = options.network().orElse(NetworkOptions.DEFAULT);
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("size", network.size()).put("ch", network.ch()).put("light", network.light()).put("batch", options.batch());
        line.put("threads", options.threads()).put("step_s", result.stepSeconds());
        line.put("generator_forward_s", result.generatorForwardSeconds()).put("peak_rss_mb", result.peakRssMegabytes());
        out.println(line.put("kernels", result.kernels()));
    }
}
