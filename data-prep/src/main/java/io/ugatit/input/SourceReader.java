package io.ugatit.input;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads files and members of archives, one after another. An archive stays open until a file is read that is not in it. Members of tar and
 * zip archives are found by seeking; a compressed tar archive is read from its start up to the member, about 150 MB of what it holds in a
 * second, and on from there for one that comes later, so ask for members in the order of the archive. Nothing that a file or an archive
 * says is trusted: a file that is not as long as listed is refused, and never gives more bytes than that. Not thread-safe.
 */
public final class SourceReader implements Closeable {
    private static final int LOCAL_HEADER = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int SKIP = 1 << 20;
    private static final String CHANGED = "changed while it was read";
    private static final String WRONG_SIZE = "the archive is wrong about its size";

    private final Configuration conf;
    private final Path input;
    private final Runnable passed;
    private String openPath;
    private ArchiveInput open;
    private GunzipInput unpacked;

    /**
     * @param conf finds the file system
     * @param input what paths are relative to, fully qualified
     * @param passed is run again and again while other members are read to come to one; it may take long
     */
    public SourceReader(Configuration conf, Path input, Runnable passed) {
        this.conf = conf;
        this.input = input;
        this.passed = passed;
    }

    /**
     * Opens a file.
     *
     * @param path of a file by itself, relative to the input; of a member it does not matter
     * @param length in bytes, as it was listed
     * @param modified as it was listed
     * @param member where in an archive it is; null if it is a file by itself
     * @return its bytes, exactly {@code length} of them: reading fails with {@link UnusableFileException} if there are more or fewer; to
     *     be closed before the next file is opened
     * @throws UnusableFileException if it is gone, may not be read, or its archive has changed or is damaged
     * @throws IOException if the file system fails: another attempt may do better
     */
    public InputStream open(String path, long length, long modified, Member member) throws IOException {
        if (member == null) {
            Path file = InputFile.below(input, path);
            InputStream in = openFile(file.getFileSystem(conf), file);
            return new ExactInput(in, length, true, -1, CHANGED, in::close);
        }
        openArchive(member, modified);
        try {
            return switch (member.packing()) {
                case TAR, ROW -> {
                    open.seek(member.offset());
                    yield new ExactInput(open, length, false, -1, CHANGED, () -> { });
                }
                case TAR_GZ -> {
                    skipTo(member.offset());
                    yield new ExactInput(unpacked, length, false, -1, CHANGED, () -> { });
                }
                case STORED -> {
                    toData(member);
                    yield new ExactInput(open, length, false, member.crc32(), WRONG_SIZE, () -> { });
                }
                case DEFLATED -> {
                    toData(member);
                    Inflater inflater = new Inflater(true);
                    InputStream bytes = new InflaterInputStream(new LimitedInput(open, member.stored()), inflater);
                    yield new ExactInput(bytes, length, true, member.crc32(), WRONG_SIZE, inflater::end);
                }
            };
        } catch (EOFException | ZipException e) {
            throw new UnusableFileException("the archive is damaged: " + e.getMessage(), e);
        }
    }

    /** Opens a file that was listed; what no other attempt could do either is {@link UnusableFileException}. */
    static FSDataInputStream openFile(FileSystem fs, Path path) throws IOException {
        try {
            return InputFile.open(fs, path);
        } catch (AccessDeniedException e) {
            throw new UnusableFileException(LeftOut.NO_PERMISSION, e);
        } catch (FileNotFoundException e) { // or a file system that has no more handles
            if (fs.exists(path)) {
                throw e;
            }
            throw new UnusableFileException("vanished after it was listed", e);
        }
    }

    private void openArchive(Member member, long modified) throws IOException {
        boolean back = unpacked != null && unpacked.position() > member.offset();
        if (member.archive().equals(openPath) && !back) {
            return;
        }
        close();
        Path path = InputFile.below(input, member.archive());
        FileSystem fs = path.getFileSystem(conf);
        FileStatus status;
        try {
            status = fs.getFileStatus(path);
        } catch (FileNotFoundException e) {
            throw new UnusableFileException("the archive vanished after it was listed", e);
        }
        if (member.packing() != Packing.ROW && status.getModificationTime() != modified) {
            throw new UnusableFileException("the archive changed after it was listed");
        }
        open = new ArchiveInput(openFile(fs, path), status.getLen());
        openPath = member.archive();
    }

    private void skipTo(long offset) throws IOException {
        if (unpacked == null) {
            unpacked = new GunzipInput(open);
        }
        while (unpacked.position() < offset) {
            if (unpacked.skip(Math.min(SKIP, offset - unpacked.position())) <= 0) {
                throw new EOFException("it ends at byte " + unpacked.position() + " of what it holds");
            }
            passed.run();
        }
    }

    /** To a zip member's first byte: how long the name before it is stands there once more. */
    private void toData(Member member) throws IOException {
        open.seek(member.offset());
        byte[] bytes = open.readNBytes(LOCAL_HEADER);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < LOCAL_HEADER || header.getInt(0) != LOCAL_SIGNATURE) {
            throw new UnusableFileException("the archive is damaged: there is no member where its directory says");
        }
        open.seek(member.offset() + LOCAL_HEADER + header.getChar(26) + header.getChar(28));
    }

    /** Closes the archive that is open. */
    @Override
    public void close() throws IOException {
        InputStream last = unpacked == null ? open : unpacked;
        open = null;
        openPath = null;
        unpacked = null;
        if (last != null) {
            last.close();
        }
    }
}
