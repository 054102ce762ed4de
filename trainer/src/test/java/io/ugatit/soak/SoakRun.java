package io.ugatit.soak;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.cluster.HdfsCluster;
import io.ugatit.cluster.SmallTraining;
import io.ugatit.cluster.TrainJob;
import io.ugatit.process.JavaProcess;
import io.ugatit.process.Waiting;
import io.ugatit.publish.Unfinished;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/**
 * Trains on a cluster until all faults are dealt, then once more undisturbed, on this JVM's threads and a local disk, for as many steps, and
 * compares.
 */
final class SoakRun {
    /** Workers remove what executors have shuffled when they hear that the application has ended. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    /** Nobody waits for the last one. */
    private static final int STEPS = 10_000_000;
    private static final String[] TRAIN = {"--steps", "" + STEPS, "--workers", "" + FaultPlan.TARGETS,
        "--averaging-frequency", "" + SoakListener.STEPS_A_ROUND, "--checkpoint-every", "" + SoakListener.ROUNDS_A_CHECKPOINT,
        "--lr", "1e-3", "--ema", "0.9"};

    private final SoakOptions options;
    private final PrintStream out;
    private final Path folder;

    /** What a training leaves, without and with faults. */
    private record Left(Map<String, String> bits, List<Long> rounds, Set<String> files) {
        static Left by(RunDirectory run) throws IOException {
            List<Long> rounds = new ArrayList<>();
            MetricsLog.ofRounds(run).forEach(row -> rounds.add(row.get("step").longValue()));
            return new Left(SmallTraining.bits(run), rounds, Leftovers.runFiles(run));
        }
    }

    /** @param out is told how it gets on */
    SoakRun(SoakOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.folder = Path.of(options.folder()).toAbsolutePath();
    }

    SoakResult run() throws Exception {
        Files.createDirectories(folder);
        String data;
        try (SparkSession local = local()) {
            data = SmallTraining.dataset(local, folder, SmallTraining.SIZE, 1);
        }
        List<Dealt> dealt = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try (SoakCluster cluster = new SoakCluster(folder, data, TRAIN)) {
            long began = System.nanoTime();
            try (SupervisedTraining training = new SupervisedTraining(starter(cluster))) {
                deal(cluster, training, dealt);
                Files.createFile(cluster.enough());
                Waiting.until("the training ends", training::hasEnded);
                long ended = System.nanoTime();
                SoakReport report = new SoakReport(dealt, training.rounds(), began, ended);
                long steps = 0;
                if (training.failure() == null) {
                    steps = compare(cluster, data, problems);
                } else {
                    problems.add(training.failure());
                }
                return new SoakResult(dealt, steps, problems, training.gaveUp(), report.table() + report.summary()
                        + "; drivers started: " + training.starts() + ", of which gave up by themselves: " + training.gaveUp().size());
            }
        }
    }

    /** Returns how many steps were compared. */
    private long compare(SoakCluster cluster, String data, List<String> problems) throws IOException {
        RunDirectory run = new RunDirectory(HdfsCluster.clientConfiguration(),
                new org.apache.hadoop.fs.Path(cluster.hdfs().address() + SoakCluster.RUN));
        Unfinished.letDaysPass(cluster.hdfs().fileSystem(), run.path()); // report writes into a run too
        run.removeStale();
        Left left = Left.by(run);
        long steps = left.rounds().get(left.rounds().size() - 1);
        problems.addAll(leftovers(cluster));
        problems.addAll(differences(left, undisturbed(data, steps)));
        return steps;
    }

    private static SparkSession local() {
        return SmallTraining.session("local[" + FaultPlan.TARGETS + "]");
    }

    /** Trains as many steps on a local disk, and leaves it at that. */
    private Left undisturbed(String data, long steps) throws IOException {
        out.println("training " + steps + " steps undisturbed");
        Path run = folder.resolve("undisturbed");
        try (SparkSession local = local()) {
            new TrainJob(local, SmallTraining.options(data, run, TRAIN), new SoakListener(line -> { }, published -> published >= steps)).run();
        } catch (SoakListener.EnoughException e) {
            return Left.by(SmallTraining.directory(run));
        }
        throw new IllegalStateException("the training of " + STEPS + " steps is done");
    }

    private SupervisedTraining.Starter starter(SoakCluster cluster) {
        return new SupervisedTraining.Starter() {
            @Override
            public JavaProcess start(int life) throws IOException {
                return cluster.startDriver(life);
            }

            @Override
            public Path log(int life) {
                return cluster.log(life);
            }
        };
    }

    /** Ends early if the training does. */
    private void deal(SoakCluster cluster, SupervisedTraining training, List<Dealt> dealt) throws Exception {
        FaultPlan plan = new FaultPlan(options.seed());
        Victims victims = new Victims(cluster, training);
        Waiting.until("the first round ends", () -> training.hasEnded() || !training.rounds().isEmpty());
        long began = System.nanoTime();
        while (dealt.size() < options.faults() && !training.hasEnded()) {
            Fault fault = plan.next();
            Thread.sleep(fault.pause().toMillis());
            Optional<Victims.Undo> undo = victims.strike(fault);
            if (undo.isPresent()) {
                dealt.add(new Dealt(fault, System.nanoTime()));
                out.println(String.format(Locale.ROOT, "%6.0f s, %d rounds: %s", (System.nanoTime() - began) / 1e9,
                        training.rounds().size(), fault));
                Thread.sleep(fault.lasting().toMillis());
                undo.get().run();
            }
        }
    }

    private static List<String> differences(Left left, Left expected) {
        List<String> differences = new ArrayList<>();
        Set<String> names = new TreeSet<>(expected.bits().keySet());
        names.addAll(left.bits().keySet());
        for (String name : names) {
            if (!String.valueOf(expected.bits().get(name)).equals(left.bits().get(name))) {
                differences.add(name + (left.bits().containsKey(name) ? " differs" : " is missing") + " from the undisturbed run");
            }
        }
        if (!left.rounds().equals(expected.rounds())) {
            differences.add("the run tells of other rounds than the undisturbed one");
        }
        if (!left.files().equals(expected.files())) {
            differences.add("the run has the files " + left.files() + ", the undisturbed one " + expected.files());
        }
        return differences;
    }

    private static List<String> leftovers(SoakCluster cluster) throws IOException {
        List<String> left = new ArrayList<>(Leftovers.hidden(cluster.hdfs().fileSystem(), new org.apache.hadoop.fs.Path(
                cluster.hdfs().address() + "/")));
        left.addAll(Leftovers.all(cluster.driverLocal()));
        for (int worker = 0; worker < FaultPlan.TARGETS; worker++) {
            Path local = cluster.spark().local(worker);
            long until = System.nanoTime() + GRACE.toNanos();
            Waiting.until("worker " + worker + " has had its time", () -> Leftovers.local(local).isEmpty() || System.nanoTime() > until);
            left.addAll(Leftovers.local(local));
            left.addAll(Leftovers.work(cluster.spark().work(worker)));
        }
        return left.stream().map(path -> "left over: " + path).toList();
    }
}
