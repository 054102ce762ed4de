package io.ugatit.weights.torch;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * The zip archive that PyTorch writes: files that are stored, not compressed, so that any part of one is read where it lies. The
 * directory is read in three pieces, whatever file system the archive is on. Not thread-safe.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT, sections 4.3 and 4.5.3</a>
 */
final class TorchArchive implements Closeable {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int DIRECTORY_ENTRY = 0x02014b50;
    private static final int DIRECTORY_ENTRY_BYTES = 46;
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_BYTES = 56;
    private static final int END_64_LOCATOR = 0x07064b50;
    private static final int END_64_LOCATOR_BYTES = 20;
    private static final int ZIP_64_EXTRA = 1;
    private static final int LONGEST_COMMENT = 0xffff;
    /** Some 100,000 files; the six networks need 500. */
    private static final int LARGEST_DIRECTORY = 16 << 20;

    private final Path path;
    private final FSDataInputStream in;
    private final long length;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** A file in the archive: where its header is, its length in bytes, and whether its bytes are there as they are. */
    private record Entry(long header, long length, boolean plain) { }

    /** Where the directory is. */
    private record Directory(long begin, long length) { }

    /**
     * Reads an archive's directory.
     *
     * @param in closed with the archive
     * @param length of the archive in bytes
     * @throws InvalidRequestException if it is no whole archive; one line that names the file
     * @throws IOException if the file system fails
     */
    TorchArchive(Path path, FSDataInputStream in, long length) throws IOException {
        this.path = path;
        this.in = in;
        this.length = length;
        Directory directory = directory();
        if (directory.begin() < 0 || directory.length() < 0 || directory.length() > length - directory.begin()) {
            throw refused("its directory does not lie inside the file");
        }
        if (directory.length() > LARGEST_DIRECTORY) {
            throw refused("its directory takes " + directory.length() + " bytes, expected at most " + LARGEST_DIRECTORY);
        }
        readDirectory(read(directory.begin(), (int) directory.length()), directory.begin());
    }

    /** The end record is the last thing in the file but for a comment. */
    private Directory directory() throws IOException {
        int tail = (int) Math.min(length, END_BYTES + LONGEST_COMMENT);
        ByteBuffer bytes = read(length - tail, tail);
        for (int at = tail - END_BYTES; at >= 0; at--) {
            if (bytes.getInt(at) == END && Short.toUnsignedInt(bytes.getShort(at + 20)) == tail - END_BYTES - at) {
                Directory directory = new Directory(Integer.toUnsignedLong(bytes.getInt(at + 16)), Integer.toUnsignedLong(bytes.getInt(at + 12)));
                return large(length - tail + at, directory);
            }
        }
        throw refused("its end is missing, as after a download that was cut short");
    }

    /** What a record for archives of more than 4 GB says, if there is one before the end record. */
    private Directory large(long end, Directory small) throws IOException {
        if (end < END_64_LOCATOR_BYTES) {
            return small;
        }
        ByteBuffer locator = read(end - END_64_LOCATOR_BYTES, END_64_LOCATOR_BYTES);
        if (locator.getInt(0) != END_64_LOCATOR) {
            return small;
        }
        long at = locator.getLong(8);
        if (at < 0 || at > end - END_64_BYTES) {
            throw refused("its directory does not lie inside the file");
        }
        ByteBuffer record = read(at, END_64_BYTES);
        if (record.getInt(0) != END_64) {
            throw refused("its directory is damaged");
        }
        return new Directory(record.getLong(48), record.getLong(40));
    }

    private void readDirectory(ByteBuffer directory, long end) {
        int at = 0;
        while (at < directory.limit()) {
            if (directory.limit() - at < DIRECTORY_ENTRY_BYTES || directory.getInt(at) != DIRECTORY_ENTRY) {
                throw refused("its directory is damaged");
            }
            int name = Short.toUnsignedInt(directory.getShort(at + 28));
            int extra = Short.toUnsignedInt(directory.getShort(at + 30));
            int next = at + DIRECTORY_ENTRY_BYTES + name + extra + Short.toUnsignedInt(directory.getShort(at + 32));
            if (next > directory.limit()) {
                throw refused("its directory is damaged");
            }
            add(directory.slice(at, next - at).order(ByteOrder.LITTLE_ENDIAN), name, extra, end);
            at = next;
        }
    }

    private void add(ByteBuffer record, int nameBytes, int extraBytes, long end) {
        byte[] nameInFile = new byte[nameBytes];
        record.get(DIRECTORY_ENTRY_BYTES, nameInFile);
        String name = new String(nameInFile, StandardCharsets.UTF_8);
        boolean plain = record.getShort(10) == 0 && (record.getShort(8) & 1) == 0;
        long[] large = {Integer.toUnsignedLong(record.getInt(24)), Integer.toUnsignedLong(record.getInt(20)),
            Integer.toUnsignedLong(record.getInt(42))};
        readLarge(record, DIRECTORY_ENTRY_BYTES + nameBytes, extraBytes, large);
        Entry entry = new Entry(large[2], large[1], plain);
        if (plain && large[0] != large[1] || entry.length() < 0 || entry.header() < 0
                || entry.length() > end - LOCAL_HEADER_BYTES || entry.header() > end - LOCAL_HEADER_BYTES - entry.length()) {
            throw refused("its file " + quoted(name) + " does not lie inside it");
        }
        if (entries.put(name, entry) != null) {
            throw refused("it has two files " + quoted(name));
        }
    }

    /** Length, compressed length and position, each replaced by 64 bits of the extra field if its 32 bits are all ones. */
    private void readLarge(ByteBuffer record, int begin, int count, long[] values) {
        int at = begin;
        while (at + 4 <= begin + count) {
            int id = Short.toUnsignedInt(record.getShort(at));
            int end = at + 4 + Short.toUnsignedInt(record.getShort(at + 2));
            if (end > begin + count) {
                throw refused("its directory is damaged");
            }
            at += 4;
            for (int i = 0; id == ZIP_64_EXTRA && i < values.length; i++) {
                if (values[i] == 0xffffffffL) {
                    if (at + Long.BYTES > end) {
                        throw refused("its directory is damaged");
                    }
                    values[i] = record.getLong(at);
                    at += Long.BYTES;
                }
            }
            at = end;
        }
    }

    /** The names of the files, in the order of the directory. */
    Iterable<String> names() {
        return entries.keySet();
    }

    boolean holds(String name) {
        return entries.containsKey(name);
    }

    /**
     * A file's length in bytes.
     *
     * @throws InvalidRequestException if it is compressed or encrypted
     */
    long length(String name) {
        Entry entry = entries.get(name);
        if (!entry.plain()) {
            throw refused("its file " + quoted(name) + " is compressed or encrypted, and PyTorch stores files as they are: pack it anew (zip -0)");
        }
        return entry.length();
    }

    /**
     * Where a file's first byte is.
     *
     * @throws InvalidRequestException if what stands before the file is not of this file
     */
    long begin(String name) throws IOException {
        Entry entry = entries.get(name);
        ByteBuffer header = read(entry.header(), LOCAL_HEADER_BYTES);
        int nameBytes = Short.toUnsignedInt(header.getShort(26));
        long begin = entry.header() + LOCAL_HEADER_BYTES + nameBytes + Short.toUnsignedInt(header.getShort(28));
        if (header.getInt(0) != LOCAL_HEADER || begin > length - entry.length()
                || !StandardCharsets.UTF_8.decode(read(entry.header() + LOCAL_HEADER_BYTES, nameBytes)).toString().equals(name)) {
            throw refused("the header of its file " + quoted(name) + " is damaged");
        }
        return begin;
    }

    /** The whole of a file of the archive, which must be short. */
    byte[] bytes(String name, int longest) throws IOException {
        if (length(name) > longest) {
            throw refused("its file " + quoted(name) + " takes " + length(name) + " bytes, expected at most " + longest);
        }
        return read(begin(name), (int) length(name)).array();
    }

    private ByteBuffer read(long from, int count) throws IOException {
        byte[] bytes = new byte[count];
        readFully(from, bytes, count);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes of the archive into the beginning of an array. */
    void readFully(long from, byte[] into, int count) throws IOException {
        try {
            in.seek(from);
            in.readFully(into, 0, count);
        } catch (EOFException e) {
            throw new IOException(path + ": is shorter than " + (from + count) + " bytes, and was longer when it was opened", e);
        } catch (FSError e) {
            throw FileFailure.of(path, e);
        }
    }

    private InvalidRequestException refused(String reason) {
        return new InvalidRequestException(path + ": is no whole file of PyTorch: " + reason);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
