package io.ugatit.input;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Archives, made by a library that the product does not use for them. */
public final class MadeArchives {
    private MadeArchives() {}

    /** Pairs of name and bytes, in order. */
    public static Map<String, byte[]> files(Object... namesAndBytes) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndBytes.length; i += 2) {
            files.put((String) namesAndBytes[i], (byte[]) namesAndBytes[i + 1]);
        }
        return files;
    }

    /** An archive of the kind that its name says. */
    public static Path write(Path archive, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(archive.getParent());
        String name = archive.getFileName().toString();
        if (name.endsWith(".zip")) {
            zip(archive, files, ZipArchiveEntry.DEFLATED);
        } else {
            try (OutputStream file = Files.newOutputStream(archive);
                    OutputStream out = name.endsWith("gz") ? new GZIPOutputStream(file) : file) {
                tar(out, files, TarArchiveOutputStream.LONGFILE_POSIX);
            }
        }
        return archive;
    }

    static void tar(OutputStream out, Map<String, byte[]> files, int longNames) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(longNames);
        tar.setAddPaxHeadersForNonAsciiNames(longNames == TarArchiveOutputStream.LONGFILE_POSIX);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
            if (!entry.isDirectory()) {
                entry.setSize(file.getValue().length);
            }
            tar.putArchiveEntry(entry);
            if (!entry.isDirectory()) {
                tar.write(file.getValue());
            }
            tar.closeArchiveEntry();
        }
        tar.finish();
        out.flush();
    }

    static void zip(Path archive, Map<String, byte[]> files, int method) throws IOException {
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                entry.setMethod(method);
                if (method == ZipArchiveEntry.STORED) {
                    CRC32 crc = new CRC32();
                    crc.update(file.getValue());
                    entry.setSize(file.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                zip.putArchiveEntry(entry);
                zip.write(file.getValue());
                zip.closeArchiveEntry();
            }
        }
    }
}
