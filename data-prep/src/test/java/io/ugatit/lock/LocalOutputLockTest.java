package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalOutputLockTest extends OutputLockContract {
    @TempDir
    private java.nio.file.Path disk;

    @Override
    Configuration configuration() {
        return new Configuration();
    }

    @Override
    Path emptyFolder() throws IOException {
        return new Path(Files.createDirectory(disk.resolve("folder")).toUri());
    }

    @Test
    void aRenewalThatTakesLongKeepsWhatNobodyElseCanHaveHad() throws IOException {
        MadeUpSurroundings slow = new MadeUpSurroundings(1);
        try (OutputLock lock = inside(new Path(folder, "run"), slow)) {
            slow.perLook = OutputLock.LAPSE;
            slow.renew();
            lock.requireHeld();
        }
    }

    @Test
    void allSpellingsOfAPathAreOneOutput() throws IOException {
        java.nio.file.Path runs = Files.createDirectory(disk.resolve("runs"));
        Files.createDirectory(runs.resolve("first"));
        Files.createSymbolicLink(disk.resolve("link"), runs);
        Files.createSymbolicLink(disk.resolve("run"), runs.resolve("first"));
        java.nio.file.Path here = java.nio.file.Path.of("").toAbsolutePath();
        try (OutputLock lock = inside(new Path(runs + "/first"), new MadeUpSurroundings(1))) {
            for (String spelling : new String[] {"file://" + runs + "/first", runs + "/./x/../first/", disk + "/link/first", disk + "/run",
                here.relativize(runs) + "/first"}) {
                assertThatThrownBy(() -> inside(new Path(spelling), new MadeUpSurroundings(1))).as(spelling)
                        .isInstanceOf(InvalidRequestException.class).hasMessageContaining("is writing it");
            }
            lock.requireHeld();
        }
        assertThat(runs.resolve("first")).isEmptyDirectory();
        assertThat(disk.resolve("run")).isSymbolicLink();
    }

    @Test
    void aSchemeWithoutAFileSystemIsNamed() {
        assertThatThrownBy(() -> inside(new Path("nosuch://host/run"), new MadeUpSurroundings(1)))
                .isInstanceOf(InvalidRequestException.class).hasMessage("--run is nosuch://host/run: no file system is known for its "
                        + "scheme, expected file, hdfs or one that is installed");
    }

    @Test
    void whereTimesCannotBeSetTheHolderWritesItsFileAgain() throws IOException {
        Configuration configuration = configuration();
        configuration.setClass("fs.object.impl", WithoutTimes.class, RawLocalFileSystem.class);
        MadeUpSurroundings here = new MadeUpSurroundings(1);
        Path output = new Path("object:" + disk + "/run");
        try (OutputLock lock = OutputLock.take(configuration, output, true, "train", "--run", line -> { }, here)) {
            java.nio.file.Path file;
            try (Stream<java.nio.file.Path> files = Files.list(disk.resolve("run/.ugatit-lock"))) {
                file = files.toList().get(0);
            }
            byte[] content = Files.readAllBytes(file);
            FileTime before = FileTime.fromMillis(1_000_000);
            Files.setLastModifiedTime(file, before);
            here.renew();
            assertThat(Files.getLastModifiedTime(file)).isNotEqualTo(before);
            assertThat(file).hasBinaryContent(content);
            Files.delete(file);
            here.renew();
            assertThat(file).as("what is lost stays lost").doesNotExist();
            assertThatThrownBy(lock::requireHeld).isInstanceOf(JobFailedException.class);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamedAndNotTheLock() {
        Configuration configuration = configuration();
        configuration.setClass("fs.readonly.impl", ReadOnly.class, RawLocalFileSystem.class);
        Path output = new Path("readonly:" + disk + "/folder/dataset");
        assertThatThrownBy(() -> OutputLock.take(configuration, output, false, "prep", "--output", line -> { }, new MadeUpSurroundings(1)))
                .isInstanceOf(JobFailedException.class).hasMessage("cannot lock --output " + output + ": nothing can be written in readonly:"
                        + disk + "/folder; nothing was written");
        assertThat(disk.resolve("folder")).isEmptyDirectory();
    }

    /** As the local disk of somebody who may not write there. */
    public static final class ReadOnly extends OtherScheme {
        /** Of {@code readonly:}. */
        public ReadOnly() {
            super("readonly");
        }

        @Override
        public FSDataOutputStream create(Path path, boolean overwrite, int buffer, short replication, long block, Progressable progress)
                throws IOException {
            throw new IOException("Mkdirs failed to create " + path.getParent());
        }
    }

    /** As object stores do, it takes a time and forgets it. */
    public static final class WithoutTimes extends OtherScheme {
        /** Of {@code object:}. */
        public WithoutTimes() {
            super("object");
        }

        @Override
        public void setTimes(Path path, long modified, long accessed) { }
    }

    /** The local disk under another scheme. */
    private abstract static class OtherScheme extends RawLocalFileSystem {
        private final String scheme;

        OtherScheme(String scheme) {
            this.scheme = scheme;
        }

        @Override
        public URI getUri() {
            return URI.create(scheme + ":///");
        }

        @Override
        public String getScheme() {
            return scheme;
        }
    }
}
