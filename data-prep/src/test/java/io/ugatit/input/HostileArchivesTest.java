package io.ugatit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;

/** Archives as nobody should make them. */
class HostileArchivesTest extends ArchiveFixture {
    private static final byte[] ZEROS = new byte[1 << 20];

    @Test
    void aNameThatIsTooLongIsLeftOutOfEveryKindOfArchive() throws IOException {
        String name = "ü".repeat(2050) + ".png"; // 4104 bytes
        for (String archive : List.of("a.tar", "a.zip")) {
            MadeArchives.write(folder.resolve(archive), MadeArchives.files("ok.png", bytes(1), name, bytes(2)));
            FolderContents contents = list(archive);
            assertThat(contents.files()).extracting(InputFile::path).containsExactly("ok.png");
            assertThat(lines(contents)).containsExactly("ü".repeat(100) + "... (a name of 4104 bytes)");
        }
    }

    @Test
    void whatIsNoFileOrHasAWrongNameIsLeftOutWithItsReason() throws IOException {
        Map<String, byte[]> files = MadeArchives.files("./ok//a.png", bytes(1), "dir/", new byte[0], "/etc/passwd", bytes(2),
                "x/../../y.png", bytes(3),
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
        assertThat(lines(contents)).containsExactly(" (a damaged or cut-off archive, it ends within compressed data; used are the 1 files"
                + " that are whole before that)");

        String cut = " (a damaged or cut-off archive, no zip directory at its end: cut off, or no zip archive; ";
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(streamed)) { // lengths stand behind members
            put(zip, new ZipArchiveEntry("a.png"), bytes(1));
            put(zip, new ZipArchiveEntry("b.png"), random);
        }
        for (byte[] zip : List.of(bytesOfZip(MadeArchives.files("a.png", bytes(1), "b.png", random)), streamed.toByteArray())) {
            FolderContents both = list(Arrays.copyOf(zip, zip.length - 30), "a.zip");
            assertThat(read(both)).containsExactly(Map.entry("a.png", text(bytes(1))), Map.entry("b.png", text(random)));
            assertThat(lines(both)).containsExactly(cut + "used are the 2 files that are whole before that)");
            FolderContents one = list(Arrays.copyOf(zip, zip.length / 2), "a.zip");
            assertThat(read(one)).containsExactly(Map.entry("a.png", text(bytes(1))));
            assertThat(lines(one)).containsExactly(cut + "used are the 1 files that are whole before that)");
            assertThat(lines(list(Arrays.copyOf(zip, 20), "a.zip"))).containsExactly(cut + "no file of it can be used)");
        }
    }

    @Test
    void whatIsNoArchiveIsNamed() throws IOException {
        assertThat(lines(list(new byte[0], "a.tar"))).containsExactly(" (the file is empty)");
        assertThat(lines(list(Arrays.copyOf("no archive at all".getBytes(StandardCharsets.UTF_8), 2000), "a.tar"))).containsExactly(
                " (a damaged or cut-off archive, no tar header where one must be; no file of it can be used)");
        assertThat(lines(list("no archive at all".getBytes(StandardCharsets.UTF_8), "a.zip"))).containsExactly(
                " (a damaged or cut-off archive, no zip directory at its end: cut off, or no zip archive; no file of it can be used)");
        assertThat(lines(list(gzip(new byte[2000]), "a.tgz"))).isEmpty(); // an end mark and nothing before it
        assertThat(lines(list(new byte[] {0x1f, (byte) 0x8b, 1, 1}, "a.tgz"))).containsExactly(
                " (a damaged or cut-off archive, gzip of a kind that is not known; no file of it can be used)");
    }

    @Test
    void gzipThatBeginsAgainAndAgainTakesNoStack() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] empty = gzip(new byte[0]);
        for (int i = 0; i < 200_000; i++) {
            packed.write(empty);
        }
        packed.write(gzip(bytesOfTar(MadeArchives.files("a.png", bytes(1)))));

        assertThat(read(list(packed.toByteArray(), "a.tar.gz"))).containsExactly(Map.entry("a.png", text(bytes(1))));
    }

    @Test
    void gzipWhoseChecksumIsWrongIsDamaged() throws IOException {
        byte[] first = gzip(Arrays.copyOf(bytesOfTar(MadeArchives.files("a.png", bytes(1))), 1024));
        first[first.length - 8] ^= 1;

        assertThat(lines(list(first, "a.tar.gz"))).containsExactly(" (a damaged or cut-off archive, its checksum is wrong; used are the 1 files"
                + " that are whole before that)");
    }

    @Test
    void moreMembersThanCanBeHeldAreTold() throws IOException {
        byte[] member = Arrays.copyOf(bytesOfTar(MadeArchives.files("a.png", new byte[0])), 512);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 150_000; i++) { // all but one have the name of another
                packed.write(member);
            }
        }

        FolderContents contents = list(bytes.toByteArray(), "a.tar.gz");

        assertThat(contents.files()).hasSize(1);
        assertThat(contents.leftOut()).hasSizeLessThan(150_000);
        assertThat(lines(contents).get(0)).isEqualTo(" (a damaged or cut-off archive, too many members that cannot be used; used are the 1 files"
                + " that are whole before that)");
    }

    @Test
    void ofALongTargetOfALinkTheBeginningIsTold() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            TarArchiveEntry entry = new TarArchiveEntry("a.png", TarConstants.LF_SYMLINK);
            entry.setLinkName("t".repeat(3000));
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }

        assertThat(lines(list(bytes.toByteArray(), "a.tar"))).containsExactly("a.png (a link in an archive, to " + "t".repeat(200) + "...)");
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

    /** Whatever is wrong with an archive, it is told: nothing else is thrown, and no file gives more than it promised. */
    @Test
    void mutatedArchivesAreReadOrTold() throws IOException {
        Random random = new Random(20);
        Map<String, byte[]> originals = MadeArchives.files("a.tar", bytesOfTar(some()), "a.tar.gz", gzip(bytesOfTar(some())), "a.zip",
                bytesOfZip(some()));
        int whole = 0;
        for (int i = 0; i < 1500; i++) {
            for (Map.Entry<String, byte[]> original : originals.entrySet()) {
                byte[] mutated = original.getValue().clone();
                for (int change = random.nextInt(4); change >= 0; change--) {
                    mutated[random.nextInt(mutated.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
                }
                if (original.getKey().equals("a.tar") && random.nextBoolean()) {
                    sum(mutated, 0); // else the sum of the first header is all that is tested
                }
                if (random.nextInt(8) == 0) {
                    mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length));
                }
                for (InputFile file : list(mutated, original.getKey()).files()) {
                    try {
                        drain(file);
                        whole++;
                    } catch (UnusableFileException e) {
                        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
                    }
                }
            }
        }
        assertThat(whole).isPositive();
    }
}
