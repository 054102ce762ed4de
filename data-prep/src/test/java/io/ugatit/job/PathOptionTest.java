package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathOptionTest {
    private final Configuration configuration = new Configuration();
    @TempDir
    private Path folder;

    private String qualified(String value) {
        return PathOption.qualified(configuration, "--run", value).toString();
    }

    @Test
    void aPathIsMadeAbsoluteOnItsFileSystem() {
        String here = "file:" + Path.of("").toAbsolutePath();
        assertThat(qualified("runs/first")).isEqualTo(here + "/runs/first");
        assertThat(qualified("/runs/first/")).isEqualTo("file:/runs/first");
        assertThat(qualified("file:///runs/ü 1%20#")).isEqualTo("file:/runs/ü 1%20#");
    }

    @Test
    void aColonIsAskedForAsItWorks() {
        String here = "file:" + Path.of("").toAbsolutePath();
        assertThat(qualified("./a:b")).isEqualTo(here + "/a:b");
        assertThat(qualified("/x/a:b")).isEqualTo("file:/x/a:b");
        assertThat(qualified("x/a:b")).isEqualTo(here + "/x/a:b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'' | is empty: must be a path",
            "a:b | is a:b: what stands before a colon counts as a scheme; if it is a name, write ./a:b or the whole path",
            "foo://x | is foo://x: no file system is known for it, expected a path of file, hdfs or one that is installed",
            "foo:/x | is foo:/x: no file system is known for it, expected a path of file, hdfs or one that is installed",
            "file://host/x | is file://host/x: its file system cannot be used: Wrong FS: file://host/x, expected: file:///",
            "hdfs:///x | is hdfs:///x: its file system cannot be used: Incomplete HDFS URI, no host: hdfs:///x",
            "hdfs://localhost:9 | is hdfs://localhost:9: names a file system, must go on with a path in it",
    })
    void aValueThatIsNoPathIsRefusedWithWhatWouldBeRight(String value, String why) {
        assertThatThrownBy(() -> qualified(value)).isExactlyInstanceOf(InvalidRequestException.class).hasMessage("--run " + why);
    }

    @Test
    void aFileSystemWhoseClassesAreNotInstalledIsRefused() {
        configuration.set("fs.absent.impl", "com.example.AbsentFileSystem");
        assertThatThrownBy(() -> qualified("absent://x/y")).isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is absent://x/y: its file system cannot be used: java.lang.ClassNotFoundException:"
                        + " Class com.example.AbsentFileSystem not found");
    }

    @Test
    void aFolderMayBeMissingButNotAFileNorBehindOne() throws IOException {
        assertThat(PathOption.folder(configuration, "--run", folder + "/new/run")).hasToString("file:" + folder + "/new/run");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> PathOption.folder(configuration, "--run", file.toString()))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + file + ": is a file, must be a folder");
        assertThatThrownBy(() -> PathOption.folder(configuration, "--run", file + "/run"))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + file + "/run: file:" + file + " is a file, must be a folder");
    }

    @Test
    void aLinkToNothingIsNotTakenForMissing() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> PathOption.folder(configuration, "--run", link.toString()))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + link + ": is a link to nothing, must be a folder");
        assertThatThrownBy(() -> PathOption.folder(configuration, "--run", link + "/run"))
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessage("--run is " + link + "/run: file:" + link + " is a link to nothing, must be a folder");
        Files.createDirectory(folder.resolve("nowhere"));
        assertThat(PathOption.folder(configuration, "--run", link + "/run")).hasToString("file:" + link + "/run");
    }

    @Test
    void aFolderIsInsideAnotherThroughLinksToo() throws IOException {
        Files.createDirectories(folder.resolve("photos/out"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("photos"));
        org.apache.hadoop.fs.Path photos = new org.apache.hadoop.fs.Path("file:" + folder + "/photos");
        assertThat(PathOption.isInside(new org.apache.hadoop.fs.Path("file:" + link + "/out/new"), photos)).isTrue();
        assertThat(PathOption.isInside(new org.apache.hadoop.fs.Path("file:" + link), photos)).isTrue();
        assertThat(PathOption.isInside(photos, new org.apache.hadoop.fs.Path("file:" + link + "/out"))).isFalse();
        assertThat(PathOption.isInside(new org.apache.hadoop.fs.Path("hdfs://host/link/out"), photos)).isFalse();
    }

    @Test
    void aFileSystemThatDoesNotAnswerIsNamed() {
        configuration.setInt("ipc.client.connect.max.retries", 0);
        assertThatThrownBy(() -> PathOption.folder(configuration, "--run", "hdfs://localhost:9/x"))
                .isExactlyInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("--run is hdfs://localhost:9/x: its file system does not answer: ")
                .hasMessageContaining("Connection refused")
                .hasMessageEndingWith("; nothing was written")
                .hasMessageNotContaining("\n");
    }
}
