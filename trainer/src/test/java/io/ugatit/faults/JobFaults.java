package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.job.JobFailedException;
import io.ugatit.lock.OutputLock;
import io.ugatit.storage.Faults;
import io.ugatit.storage.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a whole job promises on any file system: an operation fails, the job is killed there, or in the middle of a write, whereupon what was
 * not forced to disk is damaged; and what was published before is readable, nothing is seen by half, and starting the job again ends in the
 * bytes of the undisturbed.
 *
 * <p>{@code -Dfaults.operations=500} strikes so often at each job, {@code -Dfaults.seed=N} elsewhere.
 */
abstract class JobFaults {
    private static final int SEED = Integer.getInteger("faults.seed", 20);
    /** So often each operation is tried. */
    private static final int ATTEMPTS = 2;
    private static SparkSession spark;

    /** What has gone wrong. */
    private final List<AssertionError> lost = new ArrayList<>();

    @TempDir
    private Path folder;

    /** One operation of a job, and what it meets. */
    private record Strike(int operation, Faults.Kind kind) {}

    /** Knows the file system. */
    abstract void register(Configuration configuration);

    /** Of the file system, which keeps files on the local disk. */
    abstract String scheme();

    @BeforeAll
    static void begin() {
        spark = SparkSession.builder().master("local[2," + ATTEMPTS + "]").appName("test").config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate();
        Faults.spare(path -> OutputLock.isLock(path.getName())); // the process that holds them lives
    }

    @AfterAll
    static void end() {
        Faults.spare(path -> false);
        spark.stop();
    }

    @AfterEach
    void repair() {
        Faults.end();
    }

    @Test
    void aDataSetsNextVersion() throws IOException {
        strike(new Preparing(), 4);
    }

    @Test
    void aTrainingThatGoesOn() throws IOException {
        strike(new Training(), 4);
    }

    @Test
    void translationsInFilesShardsAndATable() throws IOException {
        strike(new Translating(), 4);
    }

    @Test
    void anEvaluation() throws IOException {
        strike(new Evaluating(), 4);
    }

    @Test
    void aNight() throws IOException {
        strike(new Retraining(), 3);
    }

    @Test
    void exportedFilesAndFolders() throws IOException {
        strike(new Exporting(), 12);
    }

    /** @param few how often without being asked for more */
    private void strike(Job job, int few) throws IOException {
        register(spark.sparkContext().hadoopConfiguration());
        Place place = new Place(spark, scheme(), folder.resolve("place"));
        job.prepare(place);
        Path before = folder.resolve("before");
        copy(place.disk(), before);
        Faults.after(Integer.MAX_VALUE - 1, Faults.Kind.ERROR, true);
        job.run(place);
        int operations = Faults.count();
        Faults.end();
        job.read(place);
        Contents whole = Contents.of(job, place);
        int struck = 0;
        Iterator<Strike> strikes = strikes(operations);
        while (strikes.hasNext() && struck < Integer.getInteger("faults.operations", few)) {
            restore(before, place.disk());
            struck += strike(job, place, strikes.next(), whole) ? 1 : 0;
        }
        System.out.println(job.getClass().getSimpleName() + " on " + scheme() + ": " + operations + " operations, " + struck + " struck, "
                + (struck - lost.size()) + " restarts equal");
        assertThat(struck).isPositive();
        if (!lost.isEmpty()) {
            AssertionError first = lost.get(0);
            lost.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** All there are, in an order that is drawn. */
    private static Iterator<Strike> strikes(int operations) {
        List<Strike> strikes = new ArrayList<>();
        for (int operation = 0; operation < operations; operation++) {
            for (Faults.Kind kind : Faults.Kind.values()) {
                strikes.add(new Strike(operation, kind));
            }
        }
        Collections.shuffle(strikes, new Random(SEED));
        return strikes.iterator();
    }

    private boolean strike(Job job, Place place, Strike strike, Contents whole) throws IOException {
        Faults.after(strike.operation(), strike.kind(), true);
        Exception failure = failure(job, place);
        RunningTasks.await(spark);
        org.apache.hadoop.fs.Path path = Faults.struck();
        Faults.end();
        if (strike.kind() != Faults.Kind.ERROR) {
            FaultyDisk.crash(SEED + strike.operation());
        }
        String where = strike + " on " + path;
        try {
            if (failure != null) {
                assertThat(failure).as(where).isInstanceOfAny(IOException.class, JobFailedException.class)
                        .hasMessageFindingMatch("killed|injected");
            }
            job.read(place);
            job.run(place);
            job.read(place);
            boolean wentOn = failure == null;
            assertThat(Contents.of(job, place).differences(whole)).as(where)
                    .filteredOn(difference -> !(wentOn && job.dispensable().matcher(difference).matches())).isEmpty();
        } catch (IOException | RuntimeException | AssertionError e) {
            AssertionError error = new AssertionError(e.getMessage().contains(where) ? e.getMessage() : where + ": " + e.getMessage(), e);
            if (failure != null) {
                error.addSuppressed(failure);
            }
            System.out.println(job.getClass().getSimpleName() + " on " + scheme() + ": " + error.getMessage()); // a long form takes an hour
            lost.add(error);
        }
        return path != null;
    }

    /** How a job fails; null if it does without what fails. */
    private static Exception failure(Job job, Place place) {
        try {
            job.run(place);
            return null;
        } catch (IOException | RuntimeException e) {
            return e;
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static void restore(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(to)) {
            for (Path path : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        copy(from, to);
    }
}
