package io.ugatit.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as people make them. */
class ArchiveContentsTest extends ArchiveFixture {
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

    /** As bgzip and pigz write gzip, with everything in a header that it may have. */
    @Test
    void gzipOfManyMembersIsRead() throws IOException {
        byte[] large = new byte[300_000];
        new Random(3).nextBytes(large);
        Map<String, byte[]> files = MadeArchives.files("a.png", large, "b.png", new byte[] {1}, "c.png", large);
        byte[] tar = bytesOfTar(files);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int at = 0; at < tar.length; at += 1 << 16) {
            byte[] member = gzip(Arrays.copyOfRange(tar, at, Math.min(tar.length, at + (1 << 16))));
            packed.write(member, 0, 3);
            packed.write(0x1e); // flags: checksum of the header, extra field, name, comment
            packed.write(member, 4, 6);
            packed.writeBytes("\2\0xxname\0comment\0cc".getBytes(StandardCharsets.ISO_8859_1));
            packed.write(member, 10, member.length - 10);
        }
        packed.write(new byte[100]); // tapes have whole blocks

        FolderContents contents = list(packed.toByteArray(), "a.tar.gz");

        assertThat(contents.leftOut()).isEmpty();
        assertThat(read(contents)).isEqualTo(sorted(files));
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
}
