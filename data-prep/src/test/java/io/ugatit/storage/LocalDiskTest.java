package io.ugatit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDiskTest {
    @TempDir
    java.nio.file.Path folder;

    private FileSystem disk;

    @BeforeEach
    void open() throws IOException {
        disk = LocalDisk.unchecked(FileSystem.newInstanceLocal(new Configuration(false)));
    }

    @Test
    void hadoopsLocalDiskIsUsedWithoutChecksumFiles() throws IOException {
        disk.create(path("a")).close();
        Renames.over(disk, path("a"), path("b"));
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("b");
        }
    }

    @Test
    void otherFileSystemsAreLeftAsTheyAre() throws IOException {
        RawLocalFileSystem another = new RawLocalFileSystem() { };
        another.initialize(disk.getUri(), disk.getConf());
        assertThat(LocalDisk.unchecked(another)).isSameAs(another);
        assertThat(LocalDisk.unchecked(new LocalFileSystem(another))).isSameAs(another);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-x---", "r--r--r--", "-wx--x-w-", "---------", "rwxrwxrwx"})
    void permissionsAreThoseAskedFor(String permissions) throws IOException {
        disk.create(path("a")).close();
        disk.setPermission(path("a"), FsPermission.valueOf("-" + permissions));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a")))).isEqualTo(permissions);
        Files.setPosixFilePermissions(folder.resolve("a"), PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theStickyBitOfAFolderIsSet() throws IOException {
        disk.mkdirs(path("a"));
        disk.setPermission(path("a"), new FsPermission((short) 01777));
        assertThat((int) Files.getAttribute(folder.resolve("a"), "unix:mode") & 07777).isEqualTo(01777);
    }

    @Test
    void newFilesAndFoldersFollowHadoopsMask() throws IOException {
        Configuration conf = new Configuration(false);
        conf.set("fs.permissions.umask-mode", "027");
        FileSystem masked = LocalDisk.unchecked(FileSystem.newInstanceLocal(conf));
        masked.create(path("a/b")).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a/b")))).isEqualTo("rw-r-----");
        masked.mkdirs(path("c"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("c")))).isEqualTo("rwxr-x---");
    }

    @Test
    void aFileReplacesAnother() throws IOException {
        write("new", "new");
        write("old", "old");
        Renames.over(disk, path("new"), path("old"));
        assertThat(folder.resolve("old")).hasContent("new");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void aFolderIsNeverReplacedByAFile() throws IOException {
        write("new", "new");
        disk.mkdirs(path("folder"));
        assertThatThrownBy(() -> Renames.over(disk, path("new"), path("folder"))).isInstanceOf(PathIsDirectoryException.class)
                .hasMessageContaining("folder");
        assertThat(folder.resolve("new")).hasContent("new");
        assertThat(folder.resolve("folder")).isDirectory();
    }

    @Test
    void aNameThatIsTakenIsNotFree() throws IOException {
        write("new", "new");
        write("old", "old");
        assertThatThrownBy(() -> Renames.toFree(disk, path("new"), path("old"))).isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage(path("old") + ": exists already");
        assertThat(folder.resolve("old")).hasContent("old");
        Renames.toFree(disk, path("new"), path("free"));
        assertThat(folder.resolve("free")).hasContent("new");
    }

    @Test
    void whatCannotBeRenamedIsNamed() {
        assertThatThrownBy(() -> Renames.toFree(disk, path("missing"), path("free"))).isInstanceOf(IOException.class)
                .hasMessage("cannot rename " + path("missing") + " to " + path("free") + ": NoSuchFileException");
    }

    private Path path(String name) {
        return new Path(folder.resolve(name).toUri());
    }

    private void write(String name, String content) throws IOException {
        try (FSDataOutputStream out = disk.create(path(name))) {
            out.writeBytes(content);
        }
    }
}
