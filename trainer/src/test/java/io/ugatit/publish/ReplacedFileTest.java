package io.ugatit.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.storage.QuickDisk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that another job replaces while they are read. */
class ReplacedFileTest {
    private static final String OLD = "{\"old\":1}";
    private static final String NEW = "{\"this is the new one\":2}";

    @TempDir
    private Path folder;
    private Path file;

    /** The local disk, on which something happens after each look at a file and after each opening. */
    public static final class Restless extends QuickDisk {
        private static Runnable afterLook = () -> { };
        private static Runnable afterOpening = () -> { };

        @Override
        public URI getUri() {
            return URI.create("restless:///");
        }

        @Override
        public String getScheme() {
            return "restless";
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            FileStatus status = super.getFileStatus(path);
            afterLook.run();
            return status;
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            FSDataInputStream in = super.open(path, bufferSize);
            afterOpening.run();
            return in;
        }
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("config.json");
        Files.writeString(file, OLD);
    }

    @AfterEach
    void rest() {
        Restless.afterLook = () -> { };
        Restless.afterOpening = () -> { };
    }

    private void replace(String content) {
        try {
            Path other = Files.writeString(folder.resolve("other"), content);
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path, int most) throws IOException {
        Configuration configuration = new Configuration();
        configuration.setClass("fs.restless.impl", Restless.class, QuickDisk.class);
        return new String(Publishing.read(configuration, new org.apache.hadoop.fs.Path("restless://" + path), most), StandardCharsets.UTF_8);
    }

    @Test
    void aFileThatIsReplacedIsReadWhole() throws IOException {
        Restless.afterLook = () -> replace(NEW);
        assertThat(read(file, 100)).isIn(OLD, NEW);
        Restless.afterLook = () -> replace(OLD);
        assertThat(read(file, 100)).as("by a shorter one").isIn(OLD, NEW);
        Restless.afterLook = () -> { };
        Restless.afterOpening = () -> replace(NEW);
        assertThat(read(file, 100)).isEqualTo(OLD);
    }

    @Test
    void aFileMayBeAsLongAsItMayBe() throws IOException {
        assertThat(read(file, OLD.length())).isEqualTo(OLD);
        assertThatThrownBy(() -> read(file, OLD.length() - 1)).isInstanceOf(IOException.class)
                .hasMessageMatching("restless:\\S+/config.json: expected a file of at most " + (OLD.length() - 1) + " bytes, found more");
    }

    @Test
    void aFolderIsToldFromAFileThatIsMissing() throws IOException {
        assertThatThrownBy(() -> read(folder, 100)).isInstanceOf(IOException.class).isNotInstanceOf(FileNotFoundException.class)
                .hasMessageMatching("restless:\\S+: expected a file of at most 100 bytes, found a folder");
        assertThatThrownBy(() -> read(folder.resolve("none"), 100)).isInstanceOf(FileNotFoundException.class);
    }
}
