package io.ugatit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as people make them, and as nobody should. */
class ArchiveContentsTest {
    private static final String LONG = "n".repeat(130) + "/" + "ü日😀".repeat(20) + ".png";
    private static final byte[] ZEROS = new byte[1 << 20];

    @TempDir
    Path folder;

    private final Configuration conf = new Configuration();
    private long opened;

    @ParameterizedTest
    @ValueSource(strings = {"a.tar", "a.tar.gz", "a.tgz", "a.zip", "A.ZIP", "tar named.zip", "gzip named.tar"})
    void filesAreFoundWithTheirBytesWhateverTheArchiveIsCalled(String name) throws IOException {
        Map<String, byte[]> files = some();
        Path archive = MadeArchives.write(folder.resolve(name.equals("gzip named.tar") ? "x.tgz"
                : name.equals("A.ZIP") ? "x.zip" : name.equals("tar named.zip") ? "y.zip" : name), files);
        Files.move(archive, folder.resolve(name));

        FolderContents contents = list(name);

        assertThat(contents.leftOut()).isEmpty();
        assertThat(read(contents)).isEqualTo(sorted(files));
        assertThat(contents.files()).allMatch(file -> file.member().archive().equals(name));
    }

    @Test
    void namesOfEveryKindOfTarAreRead() throws IOException {
        for (int longNames : new int[] {TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.LONGFILE_GNU}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            MadeArchives.tar(bytes, some(), longNames);

            assertThat(read(list(bytes.toByteArray(), "a.tar"))).isEqualTo(sorted(some()));
        }
    }

    @Test
    void aPrefixOfUstarAndASizeInBinaryAreRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
            TarArchiveEntry entry = new TarArchiveEntry("name.png");
            entry.setSize(3);
            tar.putArchiveEntry(entry);
            tar.write(new byte[] {1, 2, 3});
            tar.closeArchiveEntry();
        }
        byte[] tar = bytes.toByteArray();
        Arrays.fill(tar, 124, 136, (byte) 0);
        tar[124] = (byte) 0x80;
        tar[135] = 3;
        System.arraycopy("some/folder".getBytes(StandardCharsets.UTF_8), 0, tar, 345, 11);
        sum(tar, 0);

        assertThat(read(list(tar, "a.tar"))).containsOnlyKeys("some/folder/name.png").containsValue(text(new byte[] {1, 2, 3}));
    }

    @Test
    void storedMembersAndZip64AndAPrefixedArchiveAreRead() throws IOException {
        Path archive = folder.resolve("a.zip");
        MadeArchives.zip(archive, some(), ZipArchiveEntry.STORED);
        assertThat(read(list("a.zip"))).isEqualTo(sorted(some()));

        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            zip.setUseZip64(Zip64Mode.Always);
            zip.setComment("a comment");
            for (Map.Entry<String, byte[]> file : some().entrySet()) {
                zip.putArchiveEntry(new ZipArchiveEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeArchiveEntry();
            }
        }
        assertThat(read(list("a.zip"))).isEqualTo(sorted(some()));

        byte[] plain = bytesOfZip(some());
        byte[] program = Arrays.copyOf("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), 100 + plain.length);
        System.arraycopy(plain, 0, program, 100, plain.length);
        assertThat(read(list(program, "a.zip"))).isEqualTo(sorted(some()));
    }

    @Test
    void whatIsNoFileOrHasAWrongNameIsLeftOutWithItsReason() throws IOException {
        Map<String, byte[]> files = MadeArchives.files("./ok//a.png", bytes(1), "dir/", new byte[0], "/etc/passwd", bytes(2), "x/../../y.png", bytes(3),
                "back\\slash.png", bytes(4), ".hidden/a.png", bytes(5), ".hidden/b.png", bytes(6), "__MACOSX/._a.png", bytes(7),
                "inner.tar.gz", bytes(8), "inner.7z", bytes(9), "ok/a.png", bytes(10));
        List<String> expected = List.of(
                ".hidden (hidden: its name begins with a dot)",
                "/etc/passwd (an absolute name: names in an archive must be relative)",
                "__MACOSX (hidden: a marker of the program that wrote the folder)",
                "back\\slash.png (a backslash in its name: folders in an archive are separated by /)",
                "inner.7z (an archive within an archive, which is not opened: unpack it)",
                "inner.tar.gz (an archive within an archive, which is not opened: unpack it)",
                "ok/a.png (the archive has another file of this name before it)",
                "x/../../y.png (a name that leads out of the archive)");
        for (String name : List.of("a.tar", "a.tar.gz", "a.zip")) {
            Path archive = MadeArchives.write(folder.resolve(name), files);
            String text = Files.readString(archive, StandardCharsets.ISO_8859_1);
            if (name.endsWith("zip")) { // the library makes a slash of it
                Files.writeString(archive, text.replace("back/slash", "back\\slash"), StandardCharsets.ISO_8859_1);
            }

            FolderContents contents = list(name);

            assertThat(read(contents)).containsExactly(Map.entry("ok/a.png", text(bytes(1))));
            assertThat(lines(contents)).isEqualTo(expected);
        }
        assertThat(folder.resolve("y.png")).doesNotExist();
    }

    @Test
    void linksAndDevicesAndSparseFilesOfTarAreLeftOutWithTheirReason() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (byte type : new byte[] {TarConstants.LF_LINK, TarConstants.LF_SYMLINK, TarConstants.LF_CHR, TarConstants.LF_FIFO, (byte) '?'}) {
                TarArchiveEntry entry = new TarArchiveEntry("x" + (char) type + ".png", type);
                entry.setLinkName("../../etc/passwd");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            TarArchiveEntry sparse = new TarArchiveEntry("s.png", TarConstants.LF_GNUTYPE_SPARSE);
            sparse.setSize(2);
            tar.putArchiveEntry(sparse);
            tar.write(new byte[2]);
            tar.closeArchiveEntry();
            TarArchiveEntry whole = new TarArchiveEntry("z.png");
            whole.setSize(1);
            tar.putArchiveEntry(whole);
            tar.write(7);
            tar.closeArchiveEntry();
        }

        FolderContents contents = list(bytes.toByteArray(), "a.tar");

        assertThat(read(contents)).containsExactly(Map.entry("z.png", "[7]"));
        assertThat(lines(contents)).containsExactly(
                "s.png (a sparse file: make the archive without --sparse)",
                "x1.png (a link in an archive, to ../../etc/passwd)",
                "x2.png (a link in an archive, to ../../etc/passwd)",
                "x3.png (no regular file but a pipe or a device)",
                "x6.png (no regular file but a pipe or a device)",
                "x?.png (a member of a kind that is not known: '?')");
        assertThat(contents.leftOut()).extracting(LeftOut::kind).containsExactly(LeftOut.Kind.REJECTED, LeftOut.Kind.LINK, LeftOut.Kind.LINK,
                LeftOut.Kind.NO_REGULAR_FILE, LeftOut.Kind.NO_REGULAR_FILE, LeftOut.Kind.NO_REGULAR_FILE);
    }

    @Test
    void linksAndEncryptedMembersAndUnknownMethodsOfZipAreLeftOutWithTheirReason() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry link = new ZipArchiveEntry("link.png");
            link.setUnixMode(UnixStat.LINK_FLAG | 0777);
            put(zip, link, "target".getBytes(StandardCharsets.UTF_8));
            ZipArchiveEntry device = new ZipArchiveEntry("device.png");
            device.setUnixMode(0020666);
            put(zip, device, bytes(1));
            put(zip, new ZipArchiveEntry("method.png"), bytes(2));
            put(zip, new ZipArchiveEntry("secret.png"), bytes(3));
            put(zip, new ZipArchiveEntry("beyond.png"), bytes(4));
            put(zip, new ZipArchiveEntry("z.png"), bytes(5));
        }
        byte[] zip = bytes.toByteArray();
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putShort(entry(zip, "method.png") + 10, (short) 99);
        zip[entry(zip, "secret.png") + 8] |= 1;
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(entry(zip, "beyond.png") + 42, 0x7ffffff0);

        FolderContents contents = list(zip, "a.zip");

        assertThat(read(contents)).containsExactly(Map.entry("z.png", text(bytes(5))));
        assertThat(lines(contents)).containsExactly(
                "beyond.png (it does not lie in the archive)",
                "device.png (no regular file but a pipe, a socket or a device)",
                "link.png (a link in an archive)",
                "method.png (compressed by zip's method 99: only stored (0) and deflated (8) members are read)",
                "secret.png (encrypted: unpack it with its password)");
    }

    @Test
    void namesThatAreNotUtf8AreDosNamesInZipAndRejectsInTar() throws IOException {
        byte[] zip = bytesOfZip(MadeArchives.files("c_fe.png", bytes(1)));
        zip[indexOf(zip, "c_fe.png", 0) + 1] = (byte) 0x84; // an umlaut in DOS
        zip[indexOf(zip, "_fe.png", 100)] = (byte) 0x84;
        zip[entry(zip, "c\u0084fe.png") + 9] = 0; // does not say UTF-8
        assertThat(read(list(zip, "a.zip"))).containsOnlyKeys("cäfe.png");

        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        MadeArchives.tar(tar, MadeArchives.files("c_fe.png", bytes(1)), TarArchiveOutputStream.LONGFILE_POSIX);
        byte[] changed = tar.toByteArray();
        changed[1] = (byte) 0x84;
        sum(changed, 0);
        assertThat(lines(list(changed, "a.tar"))).containsExactly(
                "c\ufffdfe.png (its name is not UTF-8, but in hexadecimal bytes 638466652e706e67)");
    }

    @Test
    void ofAnArchiveThatIsCutOffTheWholeFilesAreUsedAndTheArchiveIsNamedOnce() throws IOException {
        byte[] tar = bytesOfTar(MadeArchives.files("a.png", bytes(1), "b.png", new byte[3000], "c.png", bytes(3)));
        for (int end : new int[] {1024 + 512 + 100, 1024 + 200, 1024}) { // within the second file, its header, and between the files
            FolderContents contents = list(Arrays.copyOf(tar, end), "a.tar");

            assertThat(read(contents)).containsExactly(Map.entry("a.png", text(bytes(1))));
            assertThat(lines(contents)).containsExactly(" (a damaged or cut-off archive, it ends within a member or without its end mark; used are"
                    + " the 1 files that are whole before that)");
        }

        byte[] random = new byte[100_000];
        new Random(1).nextBytes(random);
        byte[] packed = gzip(bytesOfTar(MadeArchives.files("a.png", bytes(1), "b.png", random)));
        FolderContents contents = list(Arrays.copyOf(packed, packed.length / 2), "a.tar.gz");
        assertThat(read(contents)).containsOnlyKeys("a.png");
        assertThat(lines(contents)).containsExactly(" (a damaged or cut-off archive, Unexpected end of ZLIB input stream; used are the 1 files"
                + " that are whole before that)");

        byte[] zip = bytesOfZip(some());
        assertThat(lines(list(Arrays.copyOf(zip, zip.length - 30), "a.zip"))).containsExactly(" (a damaged or cut-off archive, no zip directory"
                + " at its end: cut off, or no zip archive; no file of it can be used)");
    }

    @Test
    void whatIsNoArchiveIsNamed() throws IOException {
        assertThat(lines(list(new byte[0], "a.tar"))).containsExactly(" (the file is empty)");
        assertThat(lines(list(Arrays.copyOf("no archive at all".getBytes(StandardCharsets.UTF_8), 2000), "a.tar"))).containsExactly(
                " (a damaged or cut-off archive, no tar header where one must be; no file of it can be used)");
        assertThat(lines(list("no archive at all".getBytes(StandardCharsets.UTF_8), "a.zip"))).containsExactly(
                " (a damaged or cut-off archive, no zip directory at its end: cut off, or no zip archive; no file of it can be used)");
        assertThat(lines(list(gzip(new byte[2000]), "a.tgz"))).isEmpty(); // an end mark and nothing before it
        assertThat(lines(list(new byte[] {0x1f, (byte) 0x8b, 1, 1}, "a.tgz"))).hasSize(1);
    }

    @Test
    void sizesThatLieTakeNoMemoryAndNamesNotMoreThanAMegabyte() throws IOException {
        byte[] tar = bytesOfTar(MadeArchives.files("a.png", bytes(1)));
        Arrays.fill(tar, 124, 136, (byte) 0);
        tar[124] = (byte) 0x80;
        tar[128] = 0x70; // 2^62 bytes
        sum(tar, 0);
        assertThat(lines(list(tar, "a.tar"))).hasSize(1).allMatch(line -> line.contains("a member of 8070450532247928832 bytes"));

        byte[] name = bytesOfTar(MadeArchives.files("a.png", bytes(1)));
        name[156] = 'L';
        System.arraycopy("00010000000\0".getBytes(StandardCharsets.UTF_8), 0, name, 124, 12);
        sum(name, 0);
        assertThat(lines(list(name, "a.tar"))).hasSize(1).allMatch(line -> line.contains("a name or header of 2097152 bytes"));

        byte[] zip = bytesOfZip(MadeArchives.files("a.png", ZEROS));
        FolderContents large = list(zip, "a.zip");
        assertThat(large.files().get(0).length()).isEqualTo(1 << 20);
        ByteBuffer entry = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int at = entry(zip, "a.png");
        entry.putInt(at + 24, 100); // a bomb says it is small
        assertThatThrownBy(() -> read(list(zip, "a.zip"))).isInstanceOf(UnusableFileException.class)
                .hasMessage("the archive is wrong about its size: it is longer than 100 bytes");
        entry.putInt(at + 24, 1 << 30);
        InputFile promised = list(zip, "a.zip").files().get(0);
        assertThat(promised.length()).isEqualTo(1 << 30);
        assertThatThrownBy(() -> drain(promised)).isInstanceOf(UnusableFileException.class)
                .hasMessage("the archive is wrong about its size: it ends after 1048576 of 1073741824 bytes");
    }

    @Test
    void damagedMembersAreTold() throws IOException {
        byte[] zip = bytesOfZip(MadeArchives.files("a.png", bytes(1)));
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(entry(zip, "a.png") + 16, 1);
        assertThatThrownBy(() -> read(list(zip, "a.zip"))).isInstanceOf(UnusableFileException.class)
                .hasMessage("its bytes are not those that the archive's checksum is of: damaged");
        byte[] moved = bytesOfZip(MadeArchives.files("a.png", bytes(1)));
        moved[0] = 'X';
        assertThatThrownBy(() -> read(list(moved, "a.zip"))).isInstanceOf(UnusableFileException.class)
                .hasMessage("the archive is damaged: there is no member where its directory says");
    }

    @Test
    void aReaderGoesForwardAndBackAndSeesThatAnArchiveChanged() throws IOException {
        byte[] tar = bytesOfTar(some());
        Files.write(folder.resolve("a.tar.gz"), gzip(tar));
        List<InputFile> files = list("a.tar.gz").files();
        try (SourceReader reader = new SourceReader(conf, root(), () -> opened++)) {
            for (int i : new int[] {0, 2, 1, 1, 0}) {
                InputFile file = files.get(i);
                try (InputStream in = reader.open("", file.length(), file.modified(), file.member())) {
                    assertThat(in.readAllBytes()).isEqualTo(some().get(file.path()));
                }
            }
        }
        assertThat(opened).as("members passed").isPositive();
        Files.setLastModifiedTime(folder.resolve("a.tar.gz"), FileTime.fromMillis(1_000_000_000_000L));
        assertThatThrownBy(() -> drain(files.get(0))).isInstanceOf(UnusableFileException.class)
                .hasMessage("the archive changed after it was listed");
        Files.delete(folder.resolve("a.tar.gz"));
        assertThatThrownBy(() -> drain(files.get(0))).isInstanceOf(UnusableFileException.class)
                .hasMessage("the archive vanished after it was listed");
    }

    @Test
    void partsOfGzipOneAfterTheOtherAreOneArchive() throws IOException {
        byte[] tar = bytesOfTar(some());
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        for (int from = 0; from < tar.length; from += 700) {
            parts.write(gzip(Arrays.copyOfRange(tar, from, Math.min(tar.length, from + 700))));
        }

        assertThat(read(list(parts.toByteArray(), "a.tar.gz"))).isEqualTo(sorted(some()));
    }

    @Test
    void onlyFilesOfACompressedTarAreLookedAtAndNoMoreOfThemThanThereIs() throws IOException {
        MadeArchives.write(folder.resolve("a.tgz"), some());
        Map<String, Integer> seen = new LinkedHashMap<>();
        FolderContents contents = ArchiveContents.of(conf, root(), listed("a.tgz"), (name, bytes) -> {
            seen.put(name, bytes.readAllBytes().length);
            return "hash of " + name;
        });

        assertThat(seen).containsExactlyInAnyOrderEntriesOf(Map.of(LONG, 3, "b: 50%.png", 1000, "a\nnewline.png", 0));
        assertThat(contents.files()).allMatch(file -> file.member().sha256().equals("hash of " + file.path()));
    }

    private static Map<String, byte[]> some() {
        byte[] random = new byte[1000];
        new Random(7).nextBytes(random);
        return MadeArchives.files(LONG, new byte[] {1, 2, 3}, "b: 50%.png", random, "a\nnewline.png", new byte[0]);
    }

    private static byte[] bytes(int value) {
        byte[] bytes = new byte[10];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return Arrays.toString(bytes);
    }

    private org.apache.hadoop.fs.Path root() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }

    private InputFile listed(String name) throws IOException {
        Path file = folder.resolve(name);
        return new InputFile(name, Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }

    private FolderContents list(byte[] archive, String name) throws IOException {
        Files.write(folder.resolve(name), archive);
        return list(name);
    }

    private FolderContents list(String name) throws IOException {
        return ArchiveContents.of(conf, root(), listed(name), (path, bytes) -> null);
    }

    private static Map<String, String> sorted(Map<String, byte[]> files) {
        Map<String, String> sorted = new LinkedHashMap<>();
        files.entrySet().stream().sorted(Map.Entry.comparingByKey(PathOrder.BY_CODE_POINT))
                .forEach(file -> sorted.put(file.getKey(), text(file.getValue())));
        return sorted;
    }

    private Map<String, String> read(FolderContents contents) throws IOException {
        Map<String, String> read = new LinkedHashMap<>();
        try (SourceReader reader = new SourceReader(conf, root(), () -> { })) {
            for (InputFile file : contents.files()) {
                try (InputStream in = reader.open("", file.length(), file.modified(), file.member())) {
                    read.put(file.path(), text(in.readAllBytes()));
                }
            }
        }
        return read;
    }

    private void drain(InputFile file) throws IOException {
        try (SourceReader reader = new SourceReader(conf, root(), () -> { });
                InputStream in = reader.open(file.path(), file.length(), file.modified(), file.member())) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    private static List<String> lines(FolderContents contents) {
        List<String> lines = new ArrayList<>();
        contents.leftOut().forEach(file -> lines.add(file.toString()));
        return lines;
    }

    private static byte[] bytesOfTar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MadeArchives.tar(bytes, files, TarArchiveOutputStream.LONGFILE_POSIX);
        return bytes.toByteArray();
    }

    private byte[] bytesOfZip(Map<String, byte[]> files) throws IOException {
        Path file = MadeArchives.write(folder.resolve("made.zip"), files);
        return Files.readAllBytes(file);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static void put(ZipArchiveOutputStream zip, ZipArchiveEntry entry, byte[] bytes) throws IOException {
        zip.putArchiveEntry(entry);
        zip.write(bytes);
        zip.closeArchiveEntry();
    }

    /** Makes the checksum of a tar header right again. */
    private static void sum(byte[] tar, int at) {
        Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
        int sum = 0;
        for (int i = at; i < at + 512; i++) {
            sum += tar[i] & 0xff;
        }
        System.arraycopy(String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 0, tar, at + 148, 8);
    }

    /** Where a zip's directory has a name's entry. */
    private static int entry(byte[] zip, String name) {
        int directory = indexOf(zip, "PK\1\2", 0);
        return indexOf(zip, name, directory) - 46;
    }

    private static int indexOf(byte[] bytes, String text, int from) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
    }
}
