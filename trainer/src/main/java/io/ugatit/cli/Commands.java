package io.ugatit.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainResult;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.prep.PrepResult;
import io.ugatit.train.BenchJob;
import io.ugatit.train.BenchOptions;
import io.ugatit.train.BenchResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Every command of the program. To add one: its word, its description, its options record, and what to do. */
final class Commands {
    /** In the order of the usage text. */
    static final List<Command<?>> ALL = List.of(
            new Command<>("prep", "turn two folders of images into a data set", PrepOptions.class, Commands::prep),
            new Command<>("train", "train the six networks, or go on with a run", TrainOptions.class, Commands::train),
            new Command<>("bench", "time a training step and a translation on this machine", BenchOptions.class, Commands::bench));

    private Commands() {}

    private static void prep(Supplier<SparkSession> spark, PrepOptions options, PrintStream out) {
        PrepResult result = new PrepJob(spark.get(), options).run();
        out.println(result);
    }

    private static void train(Supplier<SparkSession> spark, TrainOptions options, PrintStream out) {
        TrainResult result = new TrainJob(spark.get(), options, new TrainingProgress(out)).run();
        out.printf(Locale.ROOT, "trained %s: %d steps, %d of them now, %.2f images/s, d %.3f g %.1f%n", result.run(), result.steps(),
                result.stepsNow(), result.images() / result.seconds(), result.dLoss(), result.gLoss());
    }

    private static void bench(Supplier<SparkSession> spark, BenchOptions options, PrintStream out) {
        BenchResult result = new BenchJob(options).run();
        NetworkOptions network = options.network().orElse(NetworkOptions.DEFAULT);
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("size", network.size()).put("ch", network.ch()).put("light", network.light()).put("batch", options.batch());
        line.put("threads", options.threads()).put("step_s", result.stepSeconds());
        line.put("generator_forward_s", result.generatorForwardSeconds()).put("peak_rss_mb", result.peakRssMegabytes());
        out.println(line.put("kernels", result.kernels()));
    }
}
