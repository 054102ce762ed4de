package io.ugatit.cli;

import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainResult;
import io.ugatit.cluster.TrainingProgress;
import io.ugatit.demo.DemoJob;
import io.ugatit.demo.DemoOptions;
import io.ugatit.demo.DemoResult;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.evaluate.EvaluateOptions;
import io.ugatit.evaluate.EvaluateResult;
import io.ugatit.exchange.ExportJob;
import io.ugatit.exchange.ExportOptions;
import io.ugatit.exchange.ExportResult;
import io.ugatit.exchange.ImportJob;
import io.ugatit.exchange.ImportOptions;
import io.ugatit.exchange.ImportResult;
import io.ugatit.gpucheck.GpuCheckJob;
import io.ugatit.gpucheck.GpuCheckOptions;
import io.ugatit.gpucheck.GpuCheckResult;
import io.ugatit.image.metadata.KeptMetadata;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Progress;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.prep.PrepResult;
import io.ugatit.report.CompareJob;
import io.ugatit.report.ReportJob;
import io.ugatit.report.ReportOptions;
import io.ugatit.report.dataset.InspectJob;
import io.ugatit.report.dataset.InspectOptions;
import io.ugatit.report.dataset.InspectResult;
import io.ugatit.report.dataset.InspectText;
import io.ugatit.retrain.HistoryJob;
import io.ugatit.retrain.HistoryOptions;
import io.ugatit.retrain.HistoryResult;
import io.ugatit.retrain.PruneJob;
import io.ugatit.retrain.PruneOptions;
import io.ugatit.retrain.RetrainJob;
import io.ugatit.retrain.RetrainOptions;
import io.ugatit.retrain.RetrainResult;
import io.ugatit.retrain.RollbackJob;
import io.ugatit.retrain.RollbackOptions;
import io.ugatit.retrain.RollbackResult;
import io.ugatit.train.BenchJob;
import io.ugatit.train.BenchOptions;
import io.ugatit.translate.DryRunResult;
import io.ugatit.translate.TranslateJob;
import io.ugatit.translate.TranslateOptions;
import io.ugatit.translate.TranslateResult;
import io.ugatit.translate.TranslatedFolder;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Every command of the program. To add one: its word, its description, its options record, and what to do. */
final class Commands {
    /** In the order of the usage text. */
    static final List<Command<?>> ALL = List.of(
            new Command<>("demo", "Run the whole pipeline on the images that ship with the project.", DemoOptions.class,
                    (spark, options, out) -> print(new DemoJob(spark.get(), options, out).run(), out)),
            new Command<>("prep", "Make a data set of two folders of images.", PrepOptions.class,
                    (spark, options, out) -> print(new PrepJob(spark.get(), options, out).run(), out)),
            new Command<>("train", "Train the six networks, or go on with a run.", TrainOptions.class,
                    (spark, options, out) -> print(new TrainJob(spark.get(), options, new TrainingProgress(out)).run(), out)),
            new Command<>("translate", "Translate images of a folder, an archive or a table with a trained run.", TranslateOptions.class,
                    (spark, options, out) -> translate(new TranslateJob(spark.get(), options, out), options, out)),
            new Command<>("evaluate", "Judge a run by a data set's test images.", EvaluateOptions.class,
                    (spark, options, out) -> print(options, new EvaluateJob(spark.get(), options, out).run(), out)),
            new Command<>("retrain", "Run the nightly cycle: prepare, train from the promoted run, evaluate, promote.", RetrainOptions.class,
                    (spark, options, out) -> print(options, new RetrainJob(spark.get(), options, new TrainingProgress(out), out).run(), out)),
            new Command<>("history", "Show what retrain did: cycles, figures, promotions.", HistoryOptions.class,
                    (spark, options, out) -> print(options, new HistoryJob(configuration(spark), options, out).run(), out)),
            new Command<>("rollback", "Promote an older run of a workspace of retrain again.", RollbackOptions.class,
                    (spark, options, out) -> print(new RollbackJob(configuration(spark), options, out).run(), out)),
            new Command<>("prune", "Delete old runs and data sets of a workspace of retrain.", PruneOptions.class,
                    (spark, options, out) -> prune(new PruneJob(configuration(spark), options, out).run(), out)),
            new Command<>("import", "Make a run of weights trained elsewhere.", ImportOptions.class,
                    (spark, options, out) -> print(new ImportJob(configuration(spark), options).run(), out)),
            new Command<>("export", "Write a run's networks as safetensors, ONNX or DL4J, or a folder for a hub of models.", ExportOptions.class,
                    (spark, options, out) -> print(new ExportJob(configuration(spark), options, out).run(), out)),
            new Command<>("report", "Write a run's report.html, or a page that compares runs.", ReportOptions.class,
                    (spark, options, out) -> out.println("report " + (options.compare().isEmpty()
                            ? new ReportJob(configuration(spark), options).run().report()
                            : new CompareJob(configuration(spark), options).run()))),
            new Command<>("inspect", "Show what a data set holds: counts, sizes, colours, what was left out; as a page too.", InspectOptions.class,
                    (spark, options, out) -> print(options, new InspectJob(configuration(spark), options).run(), out)),
            new Command<>("bench", "Time a training step and a translation on this machine.", BenchOptions.class,
                    (spark, options, out) -> out.println(new BenchJob(options).run().toJson(options))),
            new Command<>("gpu-check", "Check and time the kernels on this machine's GPU.", GpuCheckOptions.class,
                    (spark, options, out) -> print(new GpuCheckJob(options, out).run(), out)));

    /** Names that a line lists. */
    private static final int MOST_NAMES = 10;

    private Commands() {}

    /** Spark's own: it knows the file systems that spark-submit was told of. */
    private static Configuration configuration(Supplier<SparkSession> spark) {
        return spark.get().sparkContext().hadoopConfiguration();
    }

    private static void print(DemoResult result, PrintStream out) {
        print(result.training(), out);
        out.printf("translated %d test images; all in %s%n", result.translated(), Progress.time(result.seconds()));
        out.println("report " + result.report());
    }

    private static void translate(TranslateJob job, TranslateOptions options, PrintStream out) {
        if (options.selection().dryRun()) {
            print(options, job.dryRun(), out);
        } else {
            print(job.run(), out);
        }
    }

    private static void print(TranslateOptions options, DryRunResult result, PrintStream out) {
        String files = options.from().isTable() ? "rows whose names cannot be those of files" : "other files";
        for (DryRunResult.PlannedFolder folder : result.folders()) {
            out.printf("%sfound %d images and %d %s; %d are wanted, %d translated before, %d to do%n",
                    result.folders().size() > 1 ? folder.label() + ": " : "", folder.found(), folder.leftOut(), files, folder.wanted(),
                    folder.done(), folder.todo());
        }
        out.printf("as %s, %s; the network's is %d x %d%n", options.format().name(), result.shape(), result.size(), result.size());
        if (Double.isNaN(result.seconds())) {
            out.println("how long it takes is not known: none of the images that were tried could be translated"
                    + result.firstLeftOut().map(first -> "; the first is " + first).orElse(""));
        } else {
            out.printf(Locale.ROOT, "takes about %s%s%n", Progress.time(result.seconds()), result.todo() == 0 ? ""
                    : String.format(Locale.ROOT, ": %.3g s an image and %d at a time, measured on %d", result.imageSeconds(), result.atATime(),
                            result.tried()));
        }
        out.println("wrote nothing; translations would be in " + result.output());
    }

    private static void print(TranslateResult result, PrintStream out) {
        out.printf(Locale.ROOT, "translated %d images in %s, %.1f images/s%n", result.translated(), Progress.time(result.seconds()),
                result.translated() / result.seconds());
        for (TranslatedFolder folder : result.folders()) {
            out.printf("%sleft out %d translated before, %d that cannot be read or translated, %d that are no images%s%n",
                    result.folders().size() > 1 ? folder.label() + ": translated " + folder.translated() + ", " : "", folder.skipped(),
                    folder.rejected(), folder.notImages(), noFiles(folder.hidden(), folder.links(), folder.noRegularFiles()));
        }
        if (result.metadataCut() > 0) {
            out.printf("metadata of %d images is not whole: what is damaged or longer than %d bytes was left out%n", result.metadataCut(),
                    KeptMetadata.MOST_BYTES);
        }
        result.sheet().ifPresent(sheet -> out.println("sheet " + sheet));
        out.println("translations " + result.output());
    }

    private static void print(EvaluateOptions options, EvaluateResult result, PrintStream out) {
        out.printf(Locale.ROOT, "step %d of %s by %s: mean KID %.4g, untranslated %.4g%n", result.step(), options.run(), result.extractor(),
                result.kid(), result.untranslated().kid());
        result.caution().ifPresent(caution -> out.println("caution: " + caution));
        out.println(result.toJson());
    }

    private static void print(HistoryOptions options, HistoryResult result, PrintStream out) {
        result.lines().forEach(out::println);
        if (options.output() != null) {
            out.println("page " + options.output());
        }
        if (options.json()) {
            out.println(result.toJson());
        }
    }

    private static void print(RollbackResult result, PrintStream out) {
        if (result.to().equals(result.from())) {
            out.println("run " + result.to() + " is promoted already");
        }
        out.println("promoted " + result.promoted());
    }

    private static void prune(List<String> deleted, PrintStream out) {
        out.println(deleted.isEmpty() ? "nothing to delete" : "deleted runs and data sets " + String.join(", ", deleted));
    }

    private static void print(RetrainOptions options, RetrainResult result, PrintStream out) {
        out.println(result.reason());
        if (result.promoted() == null) {
            out.println("no run is promoted yet");
        } else {
            out.println((result.outcome() == RetrainResult.Outcome.PROMOTED ? "promoted " : "still promoted ") + result.promoted());
        }
        if (result.outcome() == RetrainResult.Outcome.KEPT && options.statusWhenKept() != 0) {
            throw new ExitStatus(options.statusWhenKept());
        }
    }

    private static void print(ImportResult result, PrintStream out) {
        out.printf(Locale.ROOT, "imported %,d parameters; Adam's moments are not in such a file and start at zero%n", result.parameters());
        NetworkOptions network = result.network();
        out.printf("%s networks for images of %d x %d, of %d channels and %d residual blocks%n", network.light() ? "light" : "full",
                network.size(), network.size(), network.ch(), network.resBlocks());
        if (!result.leftOut().isEmpty()) {
            int more = result.leftOut().size() - MOST_NAMES;
            out.println("left out what is of none of the networks: " + result.leftOut().stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                    + (more > 0 ? " and " + more + " more" : ""));
        }
        out.println("run " + result.run());
    }

    private static void print(ExportResult result, PrintStream out) {
        if (result.output() != null) {
            out.println("exported " + result.networks().stream().map(Network::key).collect(Collectors.joining(", ")) + " at step " + result.step());
            out.println("file " + result.output());
        }
        if (result.hub() != null) {
            out.println("exported all networks at step " + result.step() + " for a hub");
            out.println("folder " + result.hub());
        }
    }

    private static void print(PrepResult result, PrintStream out) {
        out.printf("prepared %d + %d images to train on, %d + %d to judge by, in %.1f s%n",
                result.trainA(), result.trainB(), result.testA(), result.testB(), result.seconds());
        out.printf("left out %d duplicates, %d that cannot be read or decoded, %d that are no images%s%s%n",
                result.duplicates(), result.rejected(), result.notImages(), some(result.leaks(), "to train on that are to judge by too")
                        + some(result.nearDuplicates(), "to train on that look like some to judge by"),
                noFiles(result.hidden(), result.links(), result.noRegularFiles()));
        out.printf("version %d: %d new images, %d changed, %d as before%s%n", result.version(), result.added(), result.changed(),
                result.unchanged(), some(result.vanished(), "vanished from the input"));
        out.println("dataset " + result.path());
    }

    /** What is left out before anything is read, if there is any. */
    private static String noFiles(long hidden, long links, long noRegularFiles) {
        return some(hidden, "hidden") + some(links, "links to nothing or to what is read anyway")
                + some(noRegularFiles, "pipes, sockets or devices");
    }

    private static String some(long count, String what) {
        return count == 0 ? "" : ", " + count + " " + what;
    }

    private static void print(TrainResult result, PrintStream out) {
        if (result.stepsNow() > 0) {
            out.printf(Locale.ROOT, "trained %d steps in %s, %.2f images/s, %.1f %% of the time between steps%n", result.stepsNow(),
                    Progress.time(result.seconds()), result.images() / result.seconds(),
                    100 * result.averagingSeconds() / result.seconds());
        }
        if (result.best() != null) {
            out.printf("the best checkpoint is that of step %d%n", result.best());
        }
        if (result.stoppedEarly()) {
            out.printf("run %s ended after %d steps: %s%n", result.run(), result.steps(),
                    result.timeIsUp() ? "its --hours have passed" : "no better checkpoint was found for as long as --patience allows");
        } else {
            out.printf("run %s has all of its %d steps%n", result.run(), result.steps());
        }
    }

    private static void print(InspectOptions options, InspectResult result, PrintStream out) {
        InspectText.lines(result.summary()).forEach(out::println);
        result.page().ifPresent(page -> out.println("page " + page));
        if (options.json()) {
            out.println(result.summary().toJson());
        }
    }

    /** The JSON line is the last on standard output even if stages failed. */
    private static void print(GpuCheckResult result, PrintStream out) {
        result.table().forEach(out::println);
        out.println(result.toJson());
        if (!result.passed()) {
            throw new JobFailedException("failed on " + result.machine().path("gpu").asText() + ": " + result.failed());
        }
    }
}
