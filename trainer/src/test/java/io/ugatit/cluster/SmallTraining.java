package io.ugatit.cluster;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.dataset.Sha256;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.job.Options;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.process.JavaProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/** Trainings so small that a step takes milliseconds: their images, their options, and what they leave behind. */
public final class SmallTraining {
    public static final int SIZE = 16;
    private static final List<String> NETWORK = List.of("--size", "16", "--ch", "2", "--res-blocks", "1", "--global-layers", "4",
            "--local-layers", "3");
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    private SmallTraining() { }

    /** @param settings names and values in turn */
    public static SparkSession session(String master, String... settings) {
        SparkSession.Builder builder = SparkSession.builder().master(master).appName("test")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.defaultJavaOptions", String.join(" ", JavaProcess.shortLife()));
        for (int i = 0; i < settings.length; i += 2) {
            builder.config(settings[i], settings[i + 1]);
        }
        return builder.getOrCreate();
    }

    /** Prepares drawn images, 5 of domain A and 7 of B, and returns the data set's path. */
    public static String dataset(SparkSession spark, Path folder, int size, int seed) throws IOException {
        String name = size + "-" + seed;
        Path input = images(folder, name);
        Random random = new Random(seed);
        draw(input.resolve("trainA"), 5, random);
        draw(input.resolve("trainB"), 7, random);
        return prepare(spark, folder, name, size);
    }

    /** Adds 3 images to domain A of such a data set, as its next version, and returns its path. */
    public static String grow(SparkSession spark, Path folder, int size, int seed) throws IOException {
        String name = size + "-" + seed;
        draw(images(folder, name).resolve("trainA"), 5, 3, new Random(-seed));
        return prepare(spark, folder, name, size);
    }

    /** Prepares 9 images of each domain that are of one colour each, and returns the data set's path. */
    static String flatDataset(SparkSession spark, Path folder) throws IOException {
        String name = "flat";
        Path input = images(folder, name);
        for (int i = 0; i < 9; i++) {
            draw(input.resolve("trainA"), i, 1, new byte[] {(byte) (255 - 25 * i), (byte) (20 * i), 90});
            draw(input.resolve("trainB"), i, 1, new byte[] {(byte) (10 * i), (byte) (200 - 15 * i), (byte) (28 * i)});
        }
        return prepare(spark, folder, name, SIZE);
    }

    private static Path images(Path folder, String name) {
        return folder.resolve("images-" + name);
    }

    private static String prepare(SparkSession spark, Path folder, String name, int size) {
        PrepOptions options = new PrepOptions(images(folder, name).toString(), folder.resolve("dataset-" + name).toString(), size, size + 4,
                null, 0);
        return new PrepJob(spark, options, NOWHERE).run().path();
    }

    private static void draw(Path folder, int count, Random random) throws IOException {
        draw(folder, 0, count, random);
    }

    private static void draw(Path folder, int first, int count, Random random) throws IOException {
        for (int i = first; i < first + count; i++) {
            byte[] few = new byte[3 * 4 * 4];
            random.nextBytes(few);
            draw(folder, i, 4, few);
        }
    }

    /** Draws an image of 24x24 pixels from a square of few, given as RGB. */
    private static void draw(Path folder, int number, int side, byte[] few) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(number + ".png"), ImageEncoder.PNG.encode(Resize.bilinear(new RgbImage(side, side, few), 24, 24)));
    }

    /** Words of the train command: small networks, and what the test adds. */
    static String[] words(String data, Path run, String... more) {
        return words(data, run.toString(), more);
    }

    /** Words of the train command, for a run anywhere. Without samples, unless the test wants them. */
    public static String[] words(String data, String run, String... more) {
        List<String> samples = List.of(more).contains("--samples") ? List.of() : List.of("--samples", "0");
        return Stream.of(List.of("--data", data, "--run", run), NETWORK, samples, List.of(more)).flatMap(List::stream).toArray(String[]::new);
    }

    /** @param more the test's own options of the train command */
    public static TrainOptions options(String data, Path run, String... more) {
        return Options.parse(TrainOptions.class, words(data, run, more));
    }

    /** Trains in this JVM's session and says nothing. */
    public static TrainResult train(SparkSession spark, TrainOptions options) {
        return new TrainJob(spark, options, new Silent()).run();
    }

    /** The run's newest checkpoint in a graph. */
    static UgatitGraph trained(Path run, TrainOptions options) {
        return trained(directory(run), options);
    }

    /** The run's newest checkpoint in a graph; there must be no damaged one. */
    static UgatitGraph trained(RunDirectory run, TrainOptions options) {
        UgatitGraph graph = UgatitGraph.create(options.network().orElse(NetworkOptions.DEFAULT), options.seed());
        graph.prepareTraining();
        new CheckpointStore(run).latestWhole(line -> {
            throw new AssertionError(line);
        }).orElseThrow().readInto(graph.namedParameters(), graph.namedMoments());
        return graph;
    }

    /** The run in a folder of a local disk. */
    public static RunDirectory directory(Path run) {
        return new RunDirectory(new Configuration(), new org.apache.hadoop.fs.Path(run.toUri()));
    }

    /** The rows of the run's losses, in order. */
    static List<String> metrics(Path run) {
        return metrics(directory(run));
    }

    private static List<String> metrics(RunDirectory run) {
        List<String> rows = new ArrayList<>();
        new MetricsLog(run).forEach(row -> rows.add(row.toString()));
        return rows;
    }

    /** As the other. */
    public static Map<String, String> bits(Path run) throws IOException {
        return bits(directory(run));
    }

    /** Hashes of every tensor file of the run's checkpoints and of all its losses: equal if and only if two runs end in the same bits. */
    public static Map<String, String> bits(RunDirectory run) throws IOException {
        FileSystem fileSystem = run.checkpoints().getFileSystem(run.configuration());
        Map<String, String> bits = new TreeMap<>();
        for (FileStatus checkpoint : fileSystem.listStatus(run.checkpoints())) { // listFiles starts a process for each on local disks
            for (FileStatus file : fileSystem.listStatus(checkpoint.getPath())) {
                String name = file.getPath().getName();
                if (name.endsWith(".safetensors")) {
                    try (InputStream in = fileSystem.open(file.getPath())) {
                        bits.put("checkpoints/" + checkpoint.getPath().getName() + "/" + name, Sha256.hex(in.readAllBytes()));
                    }
                }
            }
        }
        bits.put("metrics", String.join("\n", metrics(run)));
        return bits;
    }

    /** Every file below a folder with its hash, to see that nothing was written. */
    static List<String> tree(Path folder) throws IOException {
        List<String> tree = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                tree.add(folder.relativize(file) + (Files.isRegularFile(file) ? " " + Sha256.hex(Files.readAllBytes(file)) : ""));
            }
        }
        return tree;
    }

    /** Parameters, then moments. */
    public static float[] state(UgatitGraph graph) {
        float[] parameters = graph.params().toFloatVector();
        float[] moments = graph.getUpdater().getStateViewArray().toFloatVector();
        float[] state = Arrays.copyOf(parameters, parameters.length + moments.length);
        System.arraycopy(moments, 0, state, parameters.length, moments.length);
        return state;
    }

    /** Hears everything and says nothing; tests override what they need. */
    public static class Silent implements TrainingListener {
        final List<String> workers = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        final List<Long> checkpoints = new ArrayList<>();
        long startedAfter = -1;

        @Override
        public void started(long stepsDone, long steps) {
            startedAfter = stepsDone;
        }

        @Override
        public void round(long stepsDone, double dLoss, double gLoss) {
            // the metrics say more
        }

        @Override
        public void workers(String line) {
            workers.add(line);
        }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            checkpoints.add(stepsDone);
        }

        @Override
        public void warning(String line) {
            warnings.add(line);
        }
    }
}
