package io.ugatit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderContentsTest {
    @TempDir
    Path folder;

    private Path root;
    private final Configuration conf = new Configuration();

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        conf.setClass("fs.guarded.impl", GuardedFileSystem.class, FileSystem.class);
    }

    @Test
    void filesOfAnyNestingAreListedByCodePointWithLengthAndTime() throws IOException {
        add("z.png", 3);
        add("sub/with:colon #%.png", 5);
        add("\ud83d\ude00.png", 1);
        add("\uff21.png", 1);

        FolderContents contents = list();

        assertThat(paths(contents)).containsExactly("sub/with:colon #%.png", "z.png", "\uff21.png", "\ud83d\ude00.png");
        assertThat(contents.files().get(0).length()).isEqualTo(5);
        assertThat(contents.files().get(0).modified()).isEqualTo(Files.getLastModifiedTime(root.resolve("sub/with:colon #%.png")).toMillis());
        assertThat(contents.leftOut()).isEmpty();
    }

    @Test
    void onlyDotsAndTheMarkersOfOtherProgramsHide() throws IOException {
        List<String> kept = List.of("_DSC1000.JPG", "_MG_1234.JPG", "_started_photo.jpg", "_committed.png", "_x/a.png");
        List<String> hidden = List.of(".DS_Store", "._a.png", "_SUCCESS", "_committed_123", "_common_metadata", "_metadata", "_started_123",
                "_translation.json", "b.png._COPYING_");
        for (String name : kept) {
            add(name, 1);
        }
        for (String name : hidden) {
            add(name, 1);
        }
        add(".thumbnails/a.png", 1);
        add("_temporary/0/part", 1);

        FolderContents contents = list();

        assertThat(paths(contents)).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(contents.leftOut()).allMatch(file -> file.kind() == LeftOut.Kind.HIDDEN);
        assertThat(sources(contents)).containsExactlyInAnyOrder("r/.DS_Store", "r/._a.png", "r/.thumbnails", "r/_SUCCESS", "r/_committed_123",
                "r/_common_metadata", "r/_metadata", "r/_started_123", "r/_temporary", "r/_translation.json", "r/b.png._COPYING_");
        assertThat(list("guarded", "r/")).isEqualTo(contents);
    }

    @Test
    void loopsOfLinksEndAndMultiplyNothing() throws IOException {
        add("a.png", 1);
        add("sub/b.png", 1);
        link("l1", ".");
        link("l2", ".");
        link("sub/up", "..");
        link("sub/out", "../..");
        link("x", "y");
        link("y", "x");

        FolderContents contents = list();

        assertThat(paths(contents)).containsExactly("a.png", "sub/b.png");
        assertThat(lines(contents)).containsExactly(
                "r/l1 (a link back to a folder that it lies in)",
                "r/l2 (a link back to a folder that it lies in)",
                "r/sub/out (a link back to a folder that it lies in)",
                "r/sub/up (a link back to a folder that it lies in)",
                "r/x (a link that leads nowhere: Too many levels of symbolic links or unable to access attributes of symbolic link)",
                "r/y (a link that leads nowhere: Too many levels of symbolic links or unable to access attributes of symbolic link)");
        assertThat(contents.leftOut()).allMatch(file -> file.kind() == LeftOut.Kind.LINK);
    }

    @Test
    void aFolderReachedTwiceIsReadOnceUnderItsOwnName() throws IOException {
        add("z/a.png", 1);
        link("b", "z");
        Files.createDirectories(folder.resolve("outside/deep"));
        Files.write(folder.resolve("outside/c.png"), new byte[1]);
        Files.write(folder.resolve("outside/deep/d.png"), new byte[1]);
        link("m", "../outside");
        link("n", "../outside");
        link("k", "../outside/deep");
        Files.createSymbolicLink(folder.resolve("outside/back"), root);

        FolderContents contents = list();

        assertThat(paths(contents)).containsExactly("k/d.png", "m/c.png", "z/a.png");
        assertThat(lines(contents)).containsExactly(
                "r/b (the same folder as r/z, which is read)",
                "r/m/back (a link back to a folder that it lies in)",
                "r/m/deep (the same folder as r/k, which is read)",
                "r/n (the same folder as r/m, which is read)");
    }

    @Test
    void aFolderThatIsItselfALinkIsRead() throws IOException {
        add("a.png", 1);
        root = Files.createSymbolicLink(folder.resolve("link"), root);
        link("again", ".");

        assertThat(paths(list())).containsExactly("a.png");
        assertThat(sources(list())).containsExactly("r/again");
    }

    @Test
    void aLinkToAFileIsThatFileAndALinkToNothingIsTold() throws IOException {
        Files.write(folder.resolve("outside.png"), new byte[7]);
        link("in.png", "../outside.png");
        link("dangling.png", "gone.png");
        link("through.png", "in.png/x");

        FolderContents contents = list();

        assertThat(contents.files()).extracting(InputFile::path, InputFile::length)
                .containsExactly(tuple("in.png", 7L));
        assertThat(lines(contents)).containsExactly(
                "r/dangling.png (a link to nothing: gone.png)",
                "r/through.png (a link that leads nowhere: Not a directory)");
    }

    @Test
    void whatIsNoRegularFileIsNeverOpened() throws Exception {
        add("a.png", 1);
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe.jpg").toString()).start().waitFor()).isZero();
        link("to-pipe.jpg", "pipe.jpg");
        link("zero.png", "/dev/zero");

        FolderContents contents = list();

        assertThat(paths(contents)).containsExactly("a.png");
        assertThat(sources(contents)).containsExactly("r/pipe.jpg", "r/to-pipe.jpg", "r/zero.png");
        assertThat(contents.leftOut()).allMatch(file -> file.kind() == LeftOut.Kind.NO_REGULAR_FILE
                && file.reason().equals("no regular file but a pipe, a socket or a device"));
    }

    @Test
    void aNameThatIsNoUtf8IsAReject() throws Exception {
        add("caf\ufffd.jpg", 1);
        shell("touch \"$(printf 'caf\\377.jpg')\" && mkdir \"$(printf 'd\\376')\" && touch \"$(printf 'd\\376')/x.png\"");

        FolderContents contents = list();

        assertThat(paths(contents)).containsExactly("caf\ufffd.jpg");
        assertThat(lines(contents)).containsExactly(
                "r/caf\ufffd.jpg (its name is not UTF-8, but in percent-encoding caf%FF.jpg)",
                "r/d\ufffd (its name is not UTF-8, but in percent-encoding d%FE/)");
        assertThat(contents.leftOut()).allMatch(file -> file.kind() == LeftOut.Kind.REJECTED);
    }

    @Test
    void aFolderThatMayNotBeListedIsARejectAndNotEmpty() throws IOException {
        add("a.png", 1);
        add("denied/b.png", 1);

        FolderContents contents = list("guarded", "r/");

        assertThat(paths(contents)).containsExactly("a.png");
        assertThat(contents.leftOut()).containsExactly(
                new LeftOut("r/denied", LeftOut.Kind.REJECTED, "no permission to list this folder"));
        root = root.resolve("denied");
        assertThatThrownBy(() -> list("guarded", "r/")).isInstanceOf(AccessDeniedException.class).hasMessageContaining("root/denied");
    }

    @Test
    void aFileThatMayNotBeReadIsToldApartFromOneThatIsGone() throws IOException {
        add("denied.png", 1);
        org.apache.hadoop.fs.Path denied = new org.apache.hadoop.fs.Path("guarded:" + root + "/denied.png");
        FileSystem fs = denied.getFileSystem(conf);

        assertThatThrownBy(() -> InputFile.open(fs, denied)).isInstanceOf(AccessDeniedException.class)
                .hasMessage(denied + ": no permission to read it");
        assertThatThrownBy(() -> InputFile.open(fs, denied.suffix(".gone"))).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void aLocalFileWithoutPermissionIsDenied() throws IOException {
        add("secret.png", 1);
        Files.setPosixFilePermissions(root.resolve("secret.png"), Set.of());
        org.apache.hadoop.fs.Path secret = new org.apache.hadoop.fs.Path(root.resolve("secret.png").toUri());
        assumeFalse(Files.isReadable(root.resolve("secret.png")), "root may read everything");

        assertThatThrownBy(() -> {
            try (FSDataInputStream in = InputFile.open(secret.getFileSystem(conf), secret)) {
                in.read();
            }
        }).isInstanceOf(AccessDeniedException.class).hasMessage(secret + ": no permission to read it");
    }

    @Test
    void aMissingFolderIsNamed() {
        root = folder.resolve("nowhere");

        assertThatThrownBy(this::list).isInstanceOf(FileNotFoundException.class).hasMessage(root + " does not exist");
        assertThatThrownBy(() -> list("guarded", "")).isInstanceOf(FileNotFoundException.class).hasMessageContaining(root.toString());
    }

    private FolderContents list() throws IOException {
        return list("file", "r/");
    }

    private FolderContents list(String scheme, String name) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(scheme + ":" + root);
        return FolderContents.of(path.getFileSystem(conf), path, name);
    }

    private void add(String name, int length) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[length]);
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }

    private void shell(String command) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", command).directory(root.toFile()).start().waitFor()).isZero();
    }

    private static List<String> paths(FolderContents contents) {
        return contents.files().stream().map(InputFile::path).toList();
    }

    private static List<String> sources(FolderContents contents) {
        return contents.leftOut().stream().map(LeftOut::source).toList();
    }

    private static List<String> lines(FolderContents contents) {
        return contents.leftOut().stream().map(LeftOut::toString).toList();
    }
}
