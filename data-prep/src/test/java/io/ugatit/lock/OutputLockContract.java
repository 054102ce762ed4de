package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a lock does, whatever file system it is on. */
abstract class OutputLockContract {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC";
    private final MadeUpSurroundings here = new MadeUpSurroundings(1);
    private final List<String> said = new ArrayList<>();
    Path folder;
    FileSystem fs;
    private Path output;

    abstract Configuration configuration();

    /** A folder that is empty. */
    abstract Path emptyFolder() throws IOException;

    @BeforeEach
    void emptyFolderAndOutput() throws IOException {
        folder = emptyFolder();
        fs = folder.getFileSystem(configuration());
        output = new Path(folder, "output");
    }

    OutputLock inside(Path path, MadeUpSurroundings surroundings) {
        return OutputLock.take(configuration(), path, true, "train", "--run", said::add, surroundings);
    }

    private OutputLock inside() {
        return inside(output, here);
    }

    private OutputLock beside() {
        return OutputLock.take(configuration(), output, false, "prep", "--output", said::add, here);
    }

    /** The lock of a job somewhere else. */
    LockFolder foreign() throws IOException {
        return LockFolder.on(fs instanceof org.apache.hadoop.fs.LocalFileSystem local ? local.getRaw() : fs,
                fs.makeQualified(new Path(output, OutputLock.NAME)));
    }

    private List<String> holders() throws IOException {
        return foreign().entries().stream().map(LockFolder.Entry::name).toList();
    }

    /** As somebody does who looks at the files. */
    void deleteLock() throws IOException {
        fs.delete(new Path(output, OutputLock.NAME), true);
    }

    /** Whether a folder is there without anything in it. */
    boolean hasEmptyFolders() {
        return true;
    }

    /** Whether what must not be there is made in one step. */
    boolean excludes() {
        return true;
    }

    static byte[] someone(long pid) {
        ProcessStamp process = new ProcessStamp(pid, 77, "boot", "namespace", "u");
        return new LockHolder("train", "h1", process, "app-1", "2026-11-27 10:00:00 UTC").toJson();
    }

    List<String> names(Path path) throws IOException {
        return Arrays.stream(fs.listStatus(path)).map(FileStatus::getPath).map(Path::getName).sorted().toList();
    }

    @Test
    void aSecondJobInTheSameProcessIsToldWhoTheFirstIs() {
        try (OutputLock first = inside()) {
            first.requireHeld();
            assertThatThrownBy(this::inside).isInstanceOf(InvalidRequestException.class).message()
                    .matches("--run is \\S+/output: the train job that process 1 on host \\S+ \\(user someone\\) began at " + TIME
                            + " is writing it; wait for it or choose another --run");
        }
        inside().close();
        assertThat(said).isEmpty();
        assertThat(here.renewals()).isZero();
    }

    @Test
    void aSecondJobIsToldHostProcessApplicationAndTimeOfOneThatLives() throws IOException {
        assertThat(foreign().place("theirs", someone(4711))).isTrue();
        here.others = Liveness.LIVES;
        assertThatThrownBy(this::inside).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + fs.makeQualified(output) + ": the train job that process 4711 on host h1 (application app-1, "
                        + "user u) began at 2026-11-27 10:00:00 UTC is writing it; wait for it or choose another --run");
        assertThat(holders()).containsExactly("theirs");
        assertThat(here.waited()).isZero();
    }

    @Test
    void aLockLeavesNothingBehind() throws IOException {
        output = new Path(folder, "not/there/yet");
        try (OutputLock lock = inside()) {
            lock.requireHeld();
            assertThat(names(output)).containsExactly(OutputLock.NAME).allMatch(OutputLock::isLock);
        }
        assertThat(names(folder)).isEmpty();
        try (OutputLock lock = beside()) {
            lock.requireHeld();
            assertThat(names(output.getParent())).hasSize(1).allMatch(name -> name.startsWith(".") && OutputLock.isLock(name));
        }
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void whatTheJobWroteStays() throws IOException {
        try (OutputLock lock = inside()) {
            fs.create(new Path(output, "checkpoints/LATEST")).close();
            lock.requireHeld();
        }
        assertThat(names(output)).containsExactly("checkpoints");
        inside().close();
        assertThat(names(output)).containsExactly("checkpoints");
    }

    @Test
    void anEmptyFolderThatWasThereStays() throws IOException {
        assumeTrue(hasEmptyFolders());
        fs.mkdirs(output);
        inside().close();
        assertThat(names(folder)).containsExactly("output");
        assertThat(names(output)).isEmpty();
    }

    @Test
    void theLockOfADeadProcessDoesNotStandInTheWay() throws IOException {
        assertThat(foreign().place("theirs", someone(2))).isTrue();
        here.others = Liveness.DEAD;
        try (OutputLock lock = inside()) {
            lock.requireHeld();
            assertThat(holders()).hasSize(1).doesNotContain("theirs");
        }
        assertThat(said).isEmpty();
        assertThat(here.waited()).isZero();
    }

    @Test
    void aHolderOutOfSightThatGivesNoSignOfLifeIsReplacedAfterAWhile() throws IOException {
        assertThat(foreign().place("theirs", someone(4711))).isTrue();
        try (OutputLock lock = inside()) {
            lock.requireHeld();
        }
        assertThat(said).containsExactly("--run is " + fs.makeQualified(output) + ": the train job that process 4711 on host h1 ("
                + "application app-1, user u) began at 2026-11-27 10:00:00 UTC may have been killed; waiting up to 90 s for a sign of "
                + "life");
        assertThat(here.waited()).isEqualTo(OutputLock.LAPSE);
    }

    @Test
    void aHolderOutOfSightThatRenewsItsLockLives() throws IOException {
        LockFolder theirs = foreign();
        assertThat(theirs.place("theirs", someone(4711))).isTrue();
        here.waiting = () -> {
            if (here.waited().equals(OutputLock.RENEWAL)) {
                renew(theirs);
            }
        };
        assertThatThrownBy(this::inside).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("process 4711 on host h1").hasMessageContaining(" is writing it; ");
        assertThat(here.waited()).isEqualTo(OutputLock.RENEWAL);
        assertThat(theirs.holds("theirs")).isTrue();
    }

    @Test
    void aHolderThatRenewsItsLockWhileItsNameIsReadLives() throws IOException {
        LockFolder theirs = foreign();
        assertThat(theirs.place("theirs", someone(4711))).isTrue();
        List<Integer> looks = new ArrayList<>();
        here.asked = () -> {
            looks.add(looks.size());
            if (looks.size() == 2) { // it is listed by now, and its file took that long
                here.pause(OutputLock.LAPSE);
                renew(theirs);
            }
        };
        assertThatThrownBy(this::inside).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("process 4711 on host h1").hasMessageContaining(" is writing it; ");
        assertThat(theirs.holds("theirs")).isTrue();
    }

    private static void renew(LockFolder theirs) {
        try {
            theirs.renew("theirs", someone(4711));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aHolderThatEndsWhileItIsWatchedMakesRoom() throws IOException {
        LockFolder theirs = foreign();
        assertThat(theirs.place("theirs", someone(4711))).isTrue();
        here.waiting = () -> {
            try {
                theirs.release("theirs");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        inside().close();
        assertThat(said).hasSize(1);
        assertThat(here.waited()).isLessThan(OutputLock.RENEWAL);
    }

    @Test
    void aDamagedLockDoesNotStandInTheWayForEver() throws IOException {
        for (byte[] content : List.of(new byte[0], "{\"job\":\"train\"}".getBytes(), Arrays.copyOf(someone(3), 50), new byte[1 << 20])) {
            assertThat(foreign().place("theirs", content)).isTrue();
            inside().close();
        }
        String file = foreign().file("theirs").toString();
        assertThat(said).hasSize(4).allMatch(line -> line.contains(": a job that left no name (") && line.contains(file + ") may have"));
        assertThat(here.waited()).isEqualTo(OutputLock.LAPSE.multipliedBy(4));
    }

    @Test
    void whatALockSaysBreaksNoLine() throws IOException {
        LockHolder holder = new LockHolder("x\ny", "\u001b[2J", new ProcessStamp(1, 1, "b", "n", "u\r"), "a".repeat(5000), "now");
        assertThat(foreign().place("theirs", holder.toJson())).isTrue();
        here.others = Liveness.LIVES;
        assertThatThrownBy(this::inside).message().contains("the x?y job that process 1 on host ?[2J (application aaa")
                .hasSizeLessThan(1000).doesNotContain("\n");
    }

    @Test
    void aHolderThatStoodStillFindsOutBeforeItPublishes() throws IOException {
        OutputLock first = inside();
        // another JVM, which does not know what this one holds, sees no renewal
        deleteLock();
        assertThatThrownBy(first::requireHeld).isInstanceOf(JobFailedException.class).hasMessage("--run is " + fs.makeQualified(output)
                + ": this job has lost its lock, which was deleted or not renewed for 90 s; nothing more was published");

        try (OutputLock second = inside(output, new MadeUpSurroundings(2))) {
            here.renew();
            assertThatThrownBy(first::requireHeld).isInstanceOf(JobFailedException.class).message().matches("--run is \\S+/output: this "
                    + "job has lost its lock, which was deleted or not renewed for 90 s, and the train job that process 2 on host \\S+ "
                    + "\\(user someone\\) began at " + TIME + " has taken it over; nothing more was published");
            first.close();
            second.requireHeld();
        }
        assertThat(names(output)).isEmpty();
    }

    @Test
    void theHolderRenewsItsLockUntilItGivesItBack() throws IOException {
        long before;
        try (OutputLock lock = inside()) {
            Path file = fs.listStatus(new Path(output, OutputLock.NAME))[0].getPath();
            before = fs.getFileStatus(file).getModificationTime();
            for (int i = 0; i < 3; i++) {
                here.renew();
                long now = fs.getFileStatus(file).getModificationTime();
                assertThat(now).isGreaterThan(before);
                before = now;
            }
            lock.requireHeld();
        }
        here.renew();
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void whoFindsTheHolderDeadTooLateRemovesNothingOfItsSuccessor() throws IOException {
        assertThat(foreign().place("theirs", someone(2))).isTrue();
        here.others = Liveness.DEAD;
        MadeUpSurroundings quicker = new MadeUpSurroundings(3);
        quicker.others = Liveness.DEAD;
        List<OutputLock> successor = new ArrayList<>();
        here.asked = () -> successor.add(inside(output, quicker));
        assertThatThrownBy(this::inside).isInstanceOf(InvalidRequestException.class).hasMessageContaining("job that process 3 on");
        assertThat(successor).hasSize(1);
        successor.get(0).requireHeld();
        successor.get(0).close();
        assertThat(names(output)).isEmpty();
    }

    @Test
    void ofManyThatComeAtOnceForADeadOnesLockOneGetsIt() throws Exception {
        assumeTrue(excludes());
        int jobs = 4;
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            for (int round = 0; round < 6; round++) {
                assertThat(foreign().place("theirs", someone(2))).isTrue();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<OutputLock>> all = new ArrayList<>();
                for (int job = 0; job < jobs; job++) {
                    MadeUpSurroundings surroundings = new MadeUpSurroundings(10 + job);
                    surroundings.others = Liveness.DEAD;
                    all.add(threads.submit(() -> {
                        start.await();
                        try {
                            return OutputLock.take(configuration(), output, true, "train", "--run", line -> fail(line), surroundings);
                        } catch (InvalidRequestException e) {
                            assertThat(e).hasMessageContaining("is writing it");
                            return null;
                        }
                    }));
                }
                start.countDown();
                List<OutputLock> winners = new ArrayList<>();
                for (Future<OutputLock> job : all) {
                    if (job.get() != null) {
                        winners.add(job.get());
                    }
                }
                assertThat(winners).hasSize(1);
                winners.get(0).requireHeld();
                assertThat(names(output)).containsExactly(OutputLock.NAME);
                winners.get(0).close();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(names(output)).isEmpty();
    }

    @Test
    void whatWasToBecomeALockAndWasKilledIsNone() throws IOException {
        assumeTrue(hasEmptyFolders());
        output = new Path(folder, "dataset");
        String lockName;
        try (OutputLock lock = beside()) {
            lock.requireHeld();
            lockName = names(folder).get(0);
        }
        Path left = new Path(folder, ".tmp-lock-" + lockName.substring(1) + "-killed");
        fs.mkdirs(left);
        Path ofAnother = new Path(folder, ".tmp-lock-ugatit-lock-of-another-output");
        fs.mkdirs(ofAnother);
        try (OutputLock lock = beside()) {
            assertThat(names(folder)).containsExactly(ofAnother.getName(), lockName);
            lock.requireHeld();
        }
        assertThat(names(folder)).containsExactly(ofAnother.getName());
    }

    @Test
    void aNameMayBeAsLongAsFileSystemsAllow() throws IOException {
        output = new Path(folder, "ä".repeat(127) + "x");
        try (OutputLock lock = beside()) {
            lock.requireHeld();
            assertThatThrownBy(this::beside).isInstanceOf(InvalidRequestException.class).hasMessageContaining("is writing it");
        }
        inside().close();
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void aFileIsNoFolderToWriteTo() throws IOException {
        try (FSDataOutputStream out = fs.create(output)) {
            out.write(1);
        }
        assertThatThrownBy(this::inside).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + fs.makeQualified(output) + ": is a file, must be a folder");
        output = new Path(output, "below");
        assertThatThrownBy(this::inside).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("cannot lock --run " + fs.makeQualified(output) + ": ")
                .hasMessageEndingWith("; nothing was written");
    }
}
