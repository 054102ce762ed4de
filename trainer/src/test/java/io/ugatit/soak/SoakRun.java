package io.ugatit.soak;

import io.ugatit.checkpoint.MetricsLog;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.HdfsCluster;
import io.ugatit.cluster.SmallTraining;
import io.ugatit.process.JavaProcess;
import io.ugatit.process.Waiting;
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
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/** Trains once undisturbed, on this JVM's threads and a local disk, then once on a cluster under faults, and compares. */
final class SoakRun {
    /** Workers remove what executors have shuffled when they hear that the application has ended. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private final SoakOptions options;
    private final PrintStream out;
    private final Path folder;
    private final String[] train;

    /** What the training leaves when nobody disturbs it. */
    private record Undisturbed(String data, Map<String, String> bits, List<Long> rounds, Set<String> files) { }

    /** @param out is told how it gets on */
    SoakRun(SoakOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.folder = Path.of(options.folder()).toAbsolutePath();
        this.train = new String[] {"--steps", "" + options.steps(), "--workers", "" + FaultPlan.TARGETS, "--averaging-frequency", "2",
            "--checkpoint-every", "5", "--lr", "1e-3", "--ema", "0.9"};
    }

    SoakResult run() throws Exception {
        Files.createDirectories(folder);
        out.println("training " + options.steps() + " steps undisturbed");
        Undisturbed expected = undisturbed();
        List<Dealt> dealt = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        long began;
        long ended;
        try (SoakCluster cluster = new SoakCluster(folder, expected.data(), train)) {
            began = System.nanoTime();
            try (SupervisedTraining training = new SupervisedTraining(starter(cluster))) {
                if (!deal(cluster, training, dealt)) {
                    problems.add("the training ended after " + dealt.size() + " of " + options.faults() + " faults: give more --steps");
                }
                Files.createFile(cluster.release());
                Waiting.until("the training ends", training::hasEnded);
                ended = System.nanoTime();
                Optional.ofNullable(training.failure()).ifPresent(problems::add);
                problems.addAll(differences(cluster, expected));
                problems.addAll(leftovers(cluster));
                SoakReport report = new SoakReport(dealt, training.rounds(), began, ended);
                return new SoakResult(dealt, problems, training.gaveUp(), report.table() + report.summary() + "; drivers started: "
                        + training.starts() + ", of which gave up by themselves: " + training.gaveUp().size());
            }
        }
    }

    private Undisturbed undisturbed() throws IOException {
        Path run = folder.resolve("undisturbed");
        String data;
        try (SparkSession local = SmallTraining.session("local[" + FaultPlan.TARGETS + "]")) {
            data = SmallTraining.dataset(local, folder, SmallTraining.SIZE, 1);
            SmallTraining.train(local, SmallTraining.options(data, run, train));
        }
        RunDirectory directory = SmallTraining.directory(run);
        return new Undisturbed(data, SmallTraining.bits(directory), rounds(directory),
                Leftovers.runFiles(directory.path().getFileSystem(directory.configuration()), directory.path()));
    }

    private static List<Long> rounds(RunDirectory run) {
        List<Long> steps = new ArrayList<>();
        MetricsLog.ofRounds(run).forEach(row -> steps.add(row.get("step").longValue()));
        return steps;
    }

    private SupervisedTraining.Starter starter(SoakCluster cluster) {
        return new SupervisedTraining.Starter() {
            @Override
            public JavaProcess start(int life) throws IOException {
                return cluster.startDriver(life, options.hold());
            }

            @Override
            public Path log(int life) {
                return cluster.log(life);
            }
        };
    }

    /** Returns false if the training has ended before all faults were dealt. */
    private boolean deal(SoakCluster cluster, SupervisedTraining training, List<Dealt> dealt) throws Exception {
        FaultPlan plan = new FaultPlan(options.seed());
        Victims victims = new Victims(cluster, training);
        Waiting.until("the first round ends", () -> training.hasEnded() || !training.rounds().isEmpty());
        long began = System.nanoTime();
        while (dealt.size() < options.faults()) {
            Fault fault = plan.next();
            Thread.sleep(fault.pause().toMillis());
            if (training.hasEnded()) {
                return false;
            }
            Optional<Victims.Undo> undo = victims.strike(fault);
            if (undo.isEmpty()) {
                return false;
            }
            dealt.add(new Dealt(fault, System.nanoTime()));
            out.println(String.format(Locale.ROOT, "%6.0f s, %d rounds: %s", (System.nanoTime() - began) / 1e9,
                    training.rounds().size(), fault));
            Thread.sleep(fault.lasting().toMillis());
            undo.get().run();
        }
        return true;
    }

    private static List<String> differences(SoakCluster cluster, Undisturbed expected) throws IOException {
        FileSystem fileSystem = cluster.hdfs().fileSystem();
        RunDirectory run = new RunDirectory(HdfsCluster.clientConfiguration(),
                new org.apache.hadoop.fs.Path(cluster.hdfs().address() + SoakCluster.RUN));
        List<String> differences = new ArrayList<>();
        Map<String, String> bits = SmallTraining.bits(run);
        Set<String> names = new TreeSet<>(expected.bits().keySet());
        names.addAll(bits.keySet());
        for (String name : names) {
            if (!String.valueOf(expected.bits().get(name)).equals(bits.get(name))) {
                differences.add(name + (bits.containsKey(name) ? " differs" : " is missing") + " from the undisturbed run");
            }
        }
        if (!rounds(run).equals(expected.rounds())) {
            differences.add("the run tells of other rounds than the undisturbed one");
        }
        Set<String> files = Leftovers.runFiles(fileSystem, run.path());
        if (!files.equals(expected.files())) {
            differences.add("the run has the files " + files + ", the undisturbed one " + expected.files());
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
