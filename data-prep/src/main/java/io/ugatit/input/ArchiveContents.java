package io.ugatit.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What an archive holds: tar, tar compressed by gzip, or zip, which its first bytes tell. Tar is gone through by seeking from header to
 * header, of zip the directory at its end is read, and compressed tar is read once from start to end.
 *
 * <p>Left out with a reason are absolute names and those that lead out or have backslashes, the second of two of one name, links, devices,
 * sparse and encrypted members, compression other than deflate, and archives within the archive. Nothing is ever unpacked to a disk.
 *
 * <p>There is no limit of time. Compressed tar takes as long as its bytes take to come by, at most a thousand times those of the file; if a
 * store stalled and what follows were left out, all images behind it would be lost to one reject.
 *
 * <p>Why no library does it: the one that comes with Spark 3.5, commons-compress 1.23, takes memory and time without bounds for names and
 * numbers that an archive declares (CVE-2023-42503), and holds all of a zip's directory.
 */
public final class ArchiveContents {
    private ArchiveContents() {}

    /** Looks at a file of a compressed archive while it comes by. */
    @FunctionalInterface
    public interface Look {
        /**
         * Looks at a file.
         *
         * @param path its path in the archive
         * @param bytes what it holds; they need not be read
         * @return the hash of all of them, 64 hexadecimal digits, or null
         * @throws IOException if they cannot be read
         */
        String hash(String path, InputStream bytes) throws IOException;
    }

    /**
     * Lists an archive.
     *
     * @param conf finds the file system
     * @param input what the archive's path is relative to, fully qualified
     * @param archive the archive, as it was listed
     * @param look at files whose bytes come by
     * @return its regular files, whose {@link Member#archive} is the archive's path, and what is left out, both ordered by path within the
     *     archive. A {@link LeftOut} of an empty source is the archive: it cannot be used, or is damaged or cut off after its files
     * @throws IOException if the file system fails
     */
    public static FolderContents of(Configuration conf, Path input, InputFile archive, Look look) throws IOException {
        MemberFindings found = new MemberFindings(archive.modified(), archive.path());
        Path path = InputFile.below(input, archive.path());
        FileSystem fs = path.getFileSystem(conf);
        try (ArchiveInput in = new ArchiveInput(SourceReader.openFile(fs, path), archive.length())) {
            list(in, path.getName(), found, look);
        } catch (UnusableFileException e) {
            found.damaged(e.getMessage());
        } catch (EOFException | ZipException e) {
            String rest = found.count() == 0 ? "no file of it can be used"
                    : "used are the " + found.count() + " files that are whole before that";
            found.damaged("a damaged or cut-off archive, " + e.getMessage() + "; " + rest);
        }
        return found.contents();
    }

    private static void list(ArchiveInput in, String name, MemberFindings found, Look look) throws IOException {
        byte[] head = in.readNBytes(4);
        in.seek(0);
        if (head.length == 0) {
            throw new UnusableFileException("the file is empty");
        }
        boolean zip = head.length == 4 && head[0] == 'P' && head[1] == 'K' && head[2] < 9 && head[3] < 9;
        if (zip || ArchiveName.isZip(name)) {
            new ZipDirectory(in, found).walk();
        } else if (head.length > 1 && head[0] == 0x1f && (head[1] & 0xff) == 0x8b) {
            try (GunzipInput unpacked = new GunzipInput(in)) {
                new TarWalk(unpacked, Packing.TAR_GZ, found, look::hash).walk();
            }
        } else {
            new TarWalk(in, Packing.TAR, found, (file, bytes) -> null).walk();
        }
    }
}
