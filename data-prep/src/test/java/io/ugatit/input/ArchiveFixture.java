package io.ugatit.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;

/** Archives in a folder, listed and read. */
abstract class ArchiveFixture {
    static final String LONG = "n".repeat(130) + "/" + "ü日😀".repeat(20) + ".png";

    @TempDir
    Path folder;

    final Configuration conf = new Configuration();

    static Map<String, byte[]> some() {
        byte[] random = new byte[1000];
        new Random(7).nextBytes(random);
        return MadeArchives.files(LONG, new byte[] {1, 2, 3}, "b: 50%.png", random, "a\nnewline.png", new byte[0]);
    }

    static byte[] bytes(int value) {
        byte[] bytes = new byte[10];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static String text(byte[] bytes) {
        return Arrays.toString(bytes);
    }

    org.apache.hadoop.fs.Path root() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }

    InputFile listed(String name) throws IOException {
        Path file = folder.resolve(name);
        return new InputFile(name, Files.size(file), Files.getLastModifiedTime(file).toMillis());
    }

    FolderContents list(byte[] archive, String name) throws IOException {
        Files.write(folder.resolve(name), archive);
        return list(name);
    }

    FolderContents list(String name) throws IOException {
        return ArchiveContents.of(conf, root(), listed(name), (path, bytes) -> null);
    }

    static Map<String, String> sorted(Map<String, byte[]> files) {
        Map<String, String> sorted = new LinkedHashMap<>();
        files.entrySet().stream().sorted(Map.Entry.comparingByKey(PathOrder.BY_CODE_POINT))
                .forEach(file -> sorted.put(file.getKey(), text(file.getValue())));
        return sorted;
    }

    Map<String, String> read(FolderContents contents) throws IOException {
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

    void drain(InputFile file) throws IOException {
        try (SourceReader reader = new SourceReader(conf, root(), () -> { });
                InputStream in = reader.open(file.path(), file.length(), file.modified(), file.member())) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    static List<String> lines(FolderContents contents) {
        List<String> lines = new ArrayList<>();
        contents.leftOut().forEach(file -> lines.add(file.toString()));
        return lines;
    }

    static byte[] bytesOfTar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MadeArchives.tar(bytes, files, TarArchiveOutputStream.LONGFILE_POSIX);
        return bytes.toByteArray();
    }

    byte[] bytesOfZip(Map<String, byte[]> files) throws IOException {
        Path file = MadeArchives.write(folder.resolve("made.zip"), files);
        return Files.readAllBytes(file);
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    static void put(ZipArchiveOutputStream zip, ZipArchiveEntry entry, byte[] bytes) throws IOException {
        zip.putArchiveEntry(entry);
        zip.write(bytes);
        zip.closeArchiveEntry();
    }

    /** Makes the checksum of a tar header right again. */
    static void sum(byte[] tar, int at) {
        Arrays.fill(tar, at + 148, at + 156, (byte) ' ');
        int sum = 0;
        for (int i = at; i < at + 512; i++) {
            sum += tar[i] & 0xff;
        }
        System.arraycopy(String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 0, tar, at + 148, 8);
    }

    /** Where a zip's directory has a name's entry. */
    static int entry(byte[] zip, String name) {
        int directory = indexOf(zip, "PK\1\2", 0);
        return indexOf(zip, name, directory) - 46;
    }

    static int indexOf(byte[] bytes, String text, int from) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
    }
}
