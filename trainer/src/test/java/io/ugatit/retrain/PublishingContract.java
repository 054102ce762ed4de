package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageReader;
import io.ugatit.dataset.Sha256;
import io.ugatit.dataset.Split;
import io.ugatit.faults.RunningTasks;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.OutputLock;
import io.ugatit.prep.PrepJob;
import io.ugatit.prep.PrepOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.storage.Faults;
import io.ugatit.storage.FaultyDisk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What publishing promises on any file system: an operation fails, or the job is killed there or in the middle of a write, and what was
 * published before is readable, nothing is seen by half, and doing it again ends in the bytes of the undisturbed.
 */
abstract class PublishingContract {
    static SparkSession spark;

    @TempDir
    static java.nio.file.Path images;

    /** At the most so many operations of a job are struck at, evenly chosen; a job takes about a second. */
    int mostOfJobs() {
        return 6;
    }

    /** The same of what takes no job. */
    int most() {
        return Integer.MAX_VALUE;
    }

    /** Knows the file system. */
    abstract Configuration configuration();

    /** A folder that no other test uses, and in which nothing is. */
    abstract Path folder() throws IOException;

    /** Whether a listing tells at once what is there: if not, what killed jobs left may be found later only. */
    boolean listsAtOnce() {
        return true;
    }

    @BeforeAll
    static void begin() {
        spark = SparkSession.builder().master("local[2]").appName("test").config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate();
        Faults.spare(path -> OutputLock.isLock(path.getName())); // the process that holds them lives
    }

    @AfterAll
    static void end() {
        Faults.spare(path -> false);
        spark.stop();
    }

    @BeforeEach
    @AfterEach
    void repair() {
        Faults.end();
    }

    /** What is published. */
    private interface Subject {
        /** What was published before. */
        void before(Path folder) throws IOException;

        /** Publishes, or does so again. */
        void publish(Path folder) throws IOException;

        /** Reads what there is. */
        void read(Path folder) throws IOException;
    }

    /** Strikes at operations, and says how many there are. */
    private int strike(Subject subject, int most) throws IOException {
        Path whole = folder();
        subject.before(whole);
        Faults.after(Integer.MAX_VALUE - 1, Faults.Kind.ERROR, true);
        subject.publish(whole);
        int operations = Faults.count();
        Faults.end();
        subject.read(whole);
        Map<String, String> bytes = bytes(whole);
        int chosen = Math.min(operations, most);
        for (int i = 0; i < chosen; i++) {
            int operation = (int) ((long) i * operations / chosen);
            for (Faults.Kind kind : Faults.Kind.values()) {
                String where = kind + " at operation " + operation + " of " + operations;
                Path folder = folder();
                subject.before(folder);
                Faults.after(operation, kind, true);
                try {
                    subject.publish(folder); // which may do without what fails
                } catch (IOException | JobFailedException e) {
                    assertThat(e).as(where).hasMessageFindingMatch("killed|injected");
                } finally {
                    RunningTasks.await(spark);
                    Faults.end();
                }
                if (kind != Faults.Kind.ERROR) {
                    FaultyDisk.crash(operation);
                }
                subject.read(folder);
                subject.publish(folder);
                subject.read(folder);
                assertThat(bytes(folder)).as(where).containsAllEntriesOf(bytes);
                if (listsAtOnce()) {
                    assertThat(bytes(folder)).as(where).hasSameSizeAs(bytes);
                }
            }
        }
        return operations;
    }

    /** The hashes of all that is below a folder, listed or not. */
    Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        collect(folder.getFileSystem(configuration()), folder, "", bytes);
        return bytes;
    }

    private static void collect(FileSystem fs, Path folder, String name, Map<String, String> bytes) throws IOException {
        FileStatus[] found;
        try {
            found = fs.listStatus(folder);
        } catch (FileNotFoundException e) {
            return;
        }
        for (FileStatus status : found) {
            String path = name + "/" + status.getPath().getName();
            if (status.isDirectory()) {
                collect(fs, status.getPath(), path, bytes);
            } else {
                try (FSDataInputStream in = fs.open(status.getPath())) {
                    bytes.put(path, Sha256.hex(in.readAllBytes()));
                }
            }
        }
    }

    @Test
    void aCheckpointIsTheOneBeforeOrTheNewOne() throws IOException {
        int operations = strike(new Subject() {
            @Override
            public void before(Path folder) {
                publishStep(folder, 1);
            }

            @Override
            public void publish(Path folder) throws IOException {
                Removal.removeStale(configuration(), folder);
                publishStep(folder, 2);
                store(folder).publishBest(2);
            }

            @Override
            public void read(Path folder) {
                List<String> warnings = new ArrayList<>();
                Checkpoint latest = store(folder).latestWhole(warnings::add).orElseThrow();
                Map<String, INDArray> parameters = Map.of("genA2B.weight", Nd4j.zeros(DataType.FLOAT, 40, 10));
                Map<String, INDArray> moments = Map.of("exp_avg.genA2B.weight", Nd4j.zeros(DataType.FLOAT, 40, 10));
                latest.readInto(parameters, moments);
                assertThat(latest.step()).isBetween(1L, 2L);
                assertThat(parameters.get("genA2B.weight")).isEqualTo(filled(latest.step()));
                assertThat(moments.get("exp_avg.genA2B.weight")).isEqualTo(filled(-latest.step()));
                assertThat(warnings).isEmpty();
                assertThat(store(folder).best().orElse(0L)).isIn(0L, latest.step());
            }
        }, most());
        assertThat(operations).isGreaterThan(10);
    }

    @Test
    void pruningLeavesWholeCheckpointsOnly() throws IOException {
        strike(new Subject() {
            @Override
            public void before(Path folder) {
                for (int step = 1; step <= 3; step++) {
                    publishStep(folder, step);
                }
            }

            @Override
            public void publish(Path folder) {
                new RunDirectory(configuration(), folder).removeStale();
                store(folder).prune(1);
            }

            @Override
            public void read(Path folder) {
                List<String> warnings = new ArrayList<>();
                assertThat(store(folder).latestWhole(warnings::add).orElseThrow().step()).isEqualTo(3);
                assertThat(warnings).isEmpty();
                store(folder).steps().forEach(step -> store(folder).requireWhole(step));
            }
        }, most());
    }

    private CheckpointStore store(Path run) {
        return new CheckpointStore(new RunDirectory(configuration(), run));
    }

    private void publishStep(Path run, long step) {
        store(run).publish(step, Map.of("genA2B.weight", filled(step)), Map.of("exp_avg.genA2B.weight", filled(-step)),
                JsonNodeFactory.instance.objectNode().put("round", step));
    }

    private static INDArray filled(long value) {
        return Nd4j.valueArrayOf(new long[] {40, 10}, value, DataType.FLOAT);
    }

    /** What a record of these tests holds. */
    record Note(@JsonProperty("value") int value) {}

    @Test
    void recordsAndTheFileThatNamesTheNewestAreOldOrNew() throws IOException {
        int operations = strike(new Subject() {
            @Override
            public void before(Path folder) throws IOException {
                notes(folder).add(new Note(1));
                name(folder, "0001");
            }

            @Override
            public void publish(Path folder) throws IOException {
                Removal.removeStale(configuration(), folder);
                Removal.removeStale(configuration(), notes(folder).folder());
                if (notes(folder).numbers().size() == 1) {
                    notes(folder).add(new Note(2));
                }
                name(folder, "0002");
            }

            @Override
            public void read(Path folder) throws IOException {
                List<Note> all = notes(folder).all(line -> fail("damaged: " + line));
                assertThat(all).isIn(List.of(new Note(1)), List.of(new Note(1), new Note(2)));
                assertThat(new String(Publishing.read(configuration(), new Path(folder, "PROMOTED"), 10), StandardCharsets.UTF_8))
                        .isIn(all.size() == 1 ? List.of("0001") : List.of("0001", "0002"));
            }
        }, most());
        assertThat(operations).isGreaterThan(5);
    }

    private Records<Note> notes(Path folder) {
        return new Records<>(configuration(), new Path(folder, "notes"), Note.class);
    }

    private void name(Path folder, String name) throws IOException {
        Publishing.write(configuration(), new Path(folder, "PROMOTED"), name.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFolderOfFilesIsThereWithAllOfThemOrNotAtAll() throws IOException {
        strike(new Subject() {
            @Override
            public void before(Path folder) { }

            @Override
            public void publish(Path folder) throws IOException {
                Map<String, Publishing.Content> files = new TreeMap<>();
                for (String name : List.of("README.md", "config.json", "model.safetensors")) {
                    files.put(name, out -> out.write(name.getBytes(StandardCharsets.UTF_8)));
                }
                if (!Publishing.exists(configuration(), new Path(folder, "hub"))) {
                    Publishing.writeNew(configuration(), new Path(folder, "hub"), files);
                }
            }

            @Override
            public void read(Path folder) throws IOException {
                if (Publishing.exists(configuration(), new Path(folder, "hub"))) {
                    assertThat(bytes(new Path(folder, "hub"))).hasSize(3);
                }
            }
        }, most());
    }

    @Test
    void aNewDataSetIsThereOrNot() throws IOException {
        java.nio.file.Path few = draw("few", 2);
        int operations = strike(new Subject() {
            @Override
            public void before(Path folder) { }

            @Override
            public void publish(Path folder) {
                prep(few, folder);
            }

            @Override
            public void read(Path folder) throws IOException {
                try {
                    assertHolds(folder, 1, 2);
                } catch (InvalidRequestException e) {
                    assertThat(e).hasMessageContaining("is not a dataset: there is no manifest.json");
                }
            }
        }, mostOfJobs());
        assertThat(operations).isGreaterThan(10);
    }

    @Test
    void aDataSetIsOfTheVersionBeforeOrTheNewOne() throws IOException {
        java.nio.file.Path few = draw("few", 2);
        java.nio.file.Path more = draw("more", 4);
        strike(new Subject() {
            @Override
            public void before(Path folder) {
                prep(few, folder);
            }

            @Override
            public void publish(Path folder) {
                prep(more, folder);
            }

            @Override
            public void read(Path folder) throws IOException {
                int version = ImageDataset.open(data(folder), configuration()).manifest().version();
                assertHolds(folder, version, version == 1 ? 2 : 4);
                assertThat(ImageDataset.open(data(folder), 1, configuration()).count(Domain.A, Split.TRAIN)).isEqualTo(2);
            }
        }, mostOfJobs());
    }

    @Test
    void aFolderOfSomebodyElseIsNoDataSetToFinish() throws IOException {
        java.nio.file.Path few = draw("few", 2);
        Path folder = folder();
        Publishing.write(configuration(), new Path(data(folder), "theirs.txt"), new byte[] {1});
        assertThatThrownBy(() -> prep(few, folder)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("exists already; delete it or choose another --output");
        assertThat(Publishing.read(configuration(), new Path(data(folder), "theirs.txt"), 1)).containsExactly(1);
    }

    private static String data(Path folder) {
        return folder + "/data";
    }

    private void prep(java.nio.file.Path input, Path folder) {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        configuration().forEach(entry -> hadoop.set(entry.getKey(), entry.getValue()));
        new PrepJob(spark, new PrepOptions(input.toString(), data(folder), 32, null, Fit.STRETCH, 0.01),
                new PrintStream(OutputStream.nullOutputStream())).run();
    }

    private void assertHolds(Path folder, int version, int count) throws IOException {
        ImageDataset dataset = ImageDataset.open(data(folder), configuration());
        assertThat(dataset.manifest().version()).isEqualTo(version);
        List<String> sources = new ArrayList<>();
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, configuration(), 0)) {
            for (long i = 0; i < reader.count(); i++) {
                sources.add(reader.read(i).source());
            }
        }
        assertThat(sources).containsExactlyElementsOf(List.of("0.png", "1.png", "2.png", "3.png").subList(0, count));
    }

    /** Files have one time in all folders, so that they are the same images. */
    private static java.nio.file.Path draw(String name, int count) throws IOException {
        for (String domain : List.of("trainA", "trainB")) {
            java.nio.file.Path folder = Files.createDirectories(images.resolve(name).resolve(domain));
            for (int i = 0; i < count; i++) {
                byte[] pixels = new byte[3 * 32 * 32];
                new Random(31 * i + domain.hashCode()).nextBytes(pixels);
                Files.write(folder.resolve(i + ".png"), ImageEncoder.PNG.encode(new RgbImage(32, 32, pixels)));
                Files.setLastModifiedTime(folder.resolve(i + ".png"), java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L));
            }
        }
        return images.resolve(name);
    }
}
