package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import io.ugatit.storage.Faults;
import io.ugatit.storage.ShopFileSystem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a store of objects that makes one only if there is none. */
class ShopOutputLockTest extends OutputLockContract {
    @TempDir
    private java.nio.file.Path disk;
    private final Configuration configuration = new Configuration();

    @AfterEach
    void repair() {
        Faults.end();
    }

    void register(Configuration conf) {
        ShopFileSystem.register(conf, true, 0, 0);
    }

    @Override
    Configuration configuration() {
        return configuration;
    }

    @Override
    Path emptyFolder() {
        register(configuration);
        return new Path("shop:" + disk.resolve("folder"));
    }

    @Override
    boolean hasEmptyFolders() {
        return false;
    }

    @Override
    List<String> names(Path path) throws IOException {
        try {
            return super.names(path);
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    @Test
    void theHolderIsTheLastOfAChainThatTheDeadAreIn() throws IOException {
        Path lock = new Path(folder, "run/" + OutputLock.NAME);
        LockFolder first = LockFolder.on(fs, lock);
        LockFolder second = LockFolder.on(fs, lock);
        LockFolder third = LockFolder.on(fs, lock);
        assertThat(first.place("one", bytes("1"))).isTrue();
        assertThat(second.place("two", bytes("2"))).isFalse();
        second.remove("one");
        assertThat(second.place("two", bytes("2"))).isTrue();
        third.remove("two");
        assertThat(third.place("three", bytes("3"))).isTrue();

        assertThat(names(lock)).containsExactly("after-one", "after-two", "holder");
        assertThat(read(new Path(lock, "after-two"))).isEqualTo("three\n3");
        assertThat(first.holds("one")).isFalse();
        assertThat(second.holds("two")).isFalse();
        first.release("one");
        second.release("two");
        assertThat(third.holds("three")).isTrue();
        assertThat(first.read("three", 1)).isEqualTo(bytes("3"));
        third.release("three");
        assertThat(names(lock)).isEmpty();
    }

    @Test
    void whatIsMadeAfterAHolderThatHasGoneMeanwhileIsNoLock() throws IOException {
        Path lock = new Path(folder, "run/" + OutputLock.NAME);
        LockFolder late = LockFolder.on(fs, lock);
        LockFolder others = LockFolder.on(fs, lock);
        assertThat(others.place("one", bytes(""))).isTrue();
        late.remove("one");
        fs.create(new Path(lock, "after-nobody-any-more")).close();
        others.release("one");
        assertThat(names(lock)).as("what a job left that came too late").isEmpty();
        assertThat(others.place("two", bytes(""))).isTrue();
        assertThat(late.place("three", bytes(""))).isFalse();
        assertThat(names(lock)).containsExactly("holder");
        assertThat(others.holds("two")).isTrue();
    }

    @Test
    void whereverTakingOverOrGivingBackIsKilledTheNextOneGetsTheLock() throws IOException {
        int kills = 0;
        for (boolean killed = true; killed; kills++) {
            Path run = new Path(folder, "run" + kills);
            LockFolder.on(fs, new Path(run, OutputLock.NAME)).place("dead", someone(2));
            MadeUpSurroundings surroundings = new MadeUpSurroundings(kills);
            surroundings.others = Liveness.DEAD;
            Faults.after(kills, Faults.Kind.KILL, true);
            try {
                OutputLock lock = inside(run, surroundings);
                surroundings.renew();
                lock.close();
                killed = Faults.happened();
            } catch (JobFailedException e) {
                assertThat(e).hasMessageEndingWith("killed; nothing was written");
            } finally {
                Faults.end();
            }
            MadeUpSurroundings next = new MadeUpSurroundings(kills);
            next.others = Liveness.DEAD;
            try (OutputLock lock = inside(run, next)) {
                lock.requireHeld();
                assertThat(LockFolder.on(fs, new Path(run, OutputLock.NAME)).entries()).hasSize(1);
            }
            assertThat(names(run)).as("after " + kills + " operations").isEmpty();
        }
        assertThat(kills).isGreaterThan(10);
    }

    @Test
    void anErrorThatPassesLeavesOneHolderOrNone() throws IOException {
        boolean struck = true;
        for (int errors = 0; struck; errors++) {
            Path run = new Path(folder, "run" + errors);
            Faults.after(errors, Faults.Kind.ERROR, true);
            try (OutputLock lock = inside(run, new MadeUpSurroundings(1))) {
                struck = Faults.happened();
                Faults.end();
                lock.requireHeld();
                assertThat(names(new Path(run, OutputLock.NAME))).containsExactly("holder");
            } catch (JobFailedException e) {
                assertThat(e).hasMessageEndingWith("injected; nothing was written");
            } finally {
                Faults.end();
            }
            assertThat(names(run)).as("after " + errors + " operations").isEmpty();
        }
    }

    @Test
    void aLockThatIsRenewedKeepsItsName() throws IOException {
        MadeUpSurroundings here = new MadeUpSurroundings(1);
        Path run = new Path(folder, "run");
        try (OutputLock lock = inside(run, here)) {
            String before = read(new Path(run, OutputLock.NAME + "/holder"));
            here.renew();
            assertThat(read(new Path(run, OutputLock.NAME + "/holder"))).isEqualTo(before);
            deleteAll(run);
            here.renew();
            assertThat(names(run)).as("what is lost stays lost").isEmpty();
            assertThatThrownBy(lock::requireHeld).isInstanceOf(JobFailedException.class);
        }
    }

    @Test
    void aLockWhoseRenewalTookSoLongThatOthersMayHaveHadItIsLost() throws IOException {
        MadeUpSurroundings here = new MadeUpSurroundings(1);
        Path run = new Path(folder, "run");
        try (OutputLock lock = inside(run, here)) {
            here.perLook = OutputLock.LAPSE.minusNanos(1);
            here.renew();
            lock.requireHeld();
            here.perLook = OutputLock.LAPSE;
            here.renew();
            assertThatThrownBy(lock::requireHeld).isInstanceOf(JobFailedException.class)
                    .hasMessageEndingWith(": this job has lost its lock, which was deleted or not renewed for 90 s; nothing more was published");
        }
        assertThat(names(run)).isEmpty();
    }

    private void deleteAll(Path path) throws IOException {
        fs.delete(path, true);
    }

    private String read(Path path) throws IOException {
        try (FSDataInputStream in = fs.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
