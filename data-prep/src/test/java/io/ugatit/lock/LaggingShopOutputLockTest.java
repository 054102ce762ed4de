package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.storage.ShopFileSystem;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a store that looks first whether an object is there, and whose listing comes late. */
class LaggingShopOutputLockTest {
    @TempDir
    private java.nio.file.Path disk;

    @Test
    void whoComesInTheSameMomentFindsOutBeforeItPublishes() throws IOException {
        Configuration configuration = new Configuration();
        ShopFileSystem.register(configuration, false, 30, 7);
        Path lock = new Path("shop:" + disk.resolve("run/.ugatit-lock"));
        LockFolder first = LockFolder.on(lock.getFileSystem(configuration), lock);
        assertThat(first.place("one", new byte[0])).isTrue();
        // as if both had looked before either wrote
        var fs = lock.getFileSystem(configuration);
        try (var out = fs.create(new Path(lock, "holder"), true)) {
            out.writeBytes("two\n");
        }
        assertThat(first.holds("one")).isFalse();
        assertThat(first.holds("two")).isTrue();
    }

    @Test
    void noListingIsNeededToFindTheHolder() throws IOException {
        Configuration configuration = new Configuration();
        for (int seed = 0; seed < 50; seed++) {
            ShopFileSystem.register(configuration, true, 30, seed);
            Path run = new Path("shop:" + disk.resolve("run" + seed));
            Path lock = new Path(run, OutputLock.NAME);
            LockFolder dead = LockFolder.on(lock.getFileSystem(configuration), lock);
            assertThat(dead.place("dead", new byte[0])).isTrue();
            MadeUpSurroundings here = new MadeUpSurroundings(1);
            try (OutputLock taken = OutputLock.take(configuration, run, true, "train", "--run", line -> { }, here)) {
                taken.requireHeld();
                assertThat(dead.entries()).hasSize(1).noneMatch(entry -> entry.name().equals("dead"));
            }
            assertThat(dead.entries()).isEmpty();
        }
    }
}
