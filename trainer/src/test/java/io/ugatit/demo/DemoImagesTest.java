package io.ugatit.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoImagesTest {
    @TempDir Path folder;

    @Test
    void theImagesOfBothDomainsAreExtracted() throws IOException {
        assertThat(DemoImages.extractTo(folder)).isEqualTo(1237);
        assertThat(count("trainA")).isEqualTo(376);
        assertThat(count("trainB")).isEqualTo(381);
        assertThat(count("testA")).isEqualTo(240);
        assertThat(count("testB")).isEqualTo(240);
        assertThat(ImageIO.read(folder.resolve("trainA/1f385.jpg").toFile()).getWidth()).isPositive();
    }

    @Test
    void anotherExtractionRepairsWhatIsDamagedAndLeavesTheRest() throws IOException {
        DemoImages.extractTo(folder);
        Path kept = folder.resolve("trainA/1f385.jpg");
        Path damaged = folder.resolve("testB/1f466.jpg");
        byte[] original = Files.readAllBytes(damaged);
        FileTime before = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(kept, before);
        Files.write(damaged, new byte[original.length]);

        assertThat(DemoImages.extractTo(folder)).isEqualTo(1237);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(before);
        assertThat(damaged).hasBinaryContent(original);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DemoImages.extractTo(file))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("demo images: cannot write to " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.jpg", "trainA/../../evil.jpg", "/etc/evil.jpg", "trainA/..jpg", "trainC/1.jpg", "trainA/run.sh"})
    void anArchiveWithAForeignNameIsRefused(String name) {
        assertThatThrownBy(() -> DemoImages.extract(zip(name, 10), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'" + name + "'");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anArchiveThatUnpacksToTooMuchIsRefused() {
        assertThatThrownBy(() -> DemoImages.extract(zip("trainA/1.jpg", (1 << 20) + 1), folder))
                .hasMessage("'trainA/1.jpg' in the archive is larger than 1048576 bytes");
        assertThat(folder).isEmptyDirectory();
    }

    private long count(String domain) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(domain))) {
            return files.filter(file -> file.toString().endsWith(".jpg")).count();
        }
    }

    private static InputStream zip(String name, int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(new byte[size]);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
