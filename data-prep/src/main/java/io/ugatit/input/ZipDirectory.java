package io.ugatit.input;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * Goes through the directory at the end of a zip archive, one entry after the other; if it is cut off, through what is left. See PKWARE's
 * APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3. Not thread-safe.
 */
final class ZipDirectory {
    private static final int END = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int LOCATOR = 20;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END_64 = 56;
    private static final int END_64_SIGNATURE = 0x06064b50;
    private static final int ENTRY = 46;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final long IN_EXTRA = 0xffffffffL;

    private final ArchiveInput in;
    private final MemberFindings found;
    /** What stands before the archive in its file, such as a program that unpacks it. */
    private long before;
    private long directory;
    private long directoryEnd;
    private long entries;

    ZipDirectory(ArchiveInput in, MemberFindings found) {
        this.in = in;
        this.found = found;
    }

    /**
     * Goes through it.
     *
     * @throws ZipException if it is damaged or none; members found before are good
     * @throws EOFException if it is cut off
     */
    void walk() throws IOException {
        findEnd();
        in.seek(directory);
        for (long n = 0; n < entries; n++) {
            if (in.position() + ENTRY > directoryEnd) {
                throw new ZipException("its directory says " + entries + " members and has " + n);
            }
            entry();
        }
        if (in.position() != directoryEnd) {
            throw new ZipException("its directory says " + entries + " members and has more");
        }
    }

    private void findEnd() throws IOException {
        int count = (int) Math.min(in.length(), END + LONGEST_COMMENT);
        ByteBuffer tail = at(in.length() - count, count);
        int at = count - END;
        while (at >= 0 && !(tail.getInt(at) == END_SIGNATURE && at + END + tail.getChar(at + 20) == count)) {
            at--;
        }
        if (at < 0) {
            new ZipWithoutDirectory(in, found).walk();
            throw new ZipException("no zip directory at its end: cut off, or no zip archive");
        }
        long end = in.length() - count + at;
        entries = tail.getChar(at + 10);
        long size = unsigned(tail, at + 12);
        directory = unsigned(tail, at + 16);
        boolean split = tail.getChar(at + 4) != 0 && tail.getChar(at + 4) != 0xffff;
        if (end >= LOCATOR && at(end - LOCATOR, 4).getInt(0) == LOCATOR_SIGNATURE) {
            ByteBuffer locator = at(end - LOCATOR, LOCATOR);
            long end64 = locator.getLong(8);
            if (end64 < 0 || end64 + END_64 > end - LOCATOR || at(end64, 4).getInt(0) != END_64_SIGNATURE) {
                throw new ZipException("its zip64 directory is not where it says");
            }
            ByteBuffer record = at(end64, END_64);
            split |= record.getInt(16) != 0;
            entries = record.getLong(32);
            size = record.getLong(40);
            directory = record.getLong(48);
            end = end64;
        }
        if (split) {
            throw new ZipException("a zip archive in several files: join them first");
        }
        if (size < 0 || directory < 0 || size > end || directory > end - size || entries < 0) {
            throw new ZipException("its directory does not lie in it");
        }
        before = end - size - directory;
        directory += before;
        directoryEnd = end;
    }

    private void entry() throws IOException {
        ByteBuffer entry = next(ENTRY);
        if (entry.getInt(0) != ENTRY_SIGNATURE) {
            throw new ZipException("its directory is damaged");
        }
        byte[] raw = next(entry.getChar(28)).array();
        ByteBuffer extra = next(entry.getChar(30));
        in.skip(entry.getChar(32));
        boolean utf8 = (entry.getChar(8) & 1 << 11) != 0;
        String unicode = unicodeName(extra, raw);
        String path = unicode != null ? found.name(unicode) : utf8 ? found.name(raw) : found.name(MemberFindings.guess(raw));
        boolean folder = raw.length > 0 && raw[raw.length - 1] == '/';
        if (path == null || folder) {
            return;
        }
        boolean unix = entry.get(5) == 3;
        switch (unix ? entry.getInt(38) >>> 28 : 0) {
            case 0, 010 -> file(path, entry, extra);
            case 04 -> { } // a folder
            case 012 -> found.leaveOut(path, LeftOut.Kind.LINK, "a link in an archive");
            default -> found.leaveOut(path, LeftOut.Kind.NO_REGULAR_FILE, "no regular file but a pipe, a socket or a device");
        }
    }

    private void file(String path, ByteBuffer entry, ByteBuffer extra) throws IOException {
        if (!found.takes(path)) {
            return;
        }
        long[] large = zip64(extra);
        int next = 0;
        long length = unsigned(entry, 24);
        length = length == IN_EXTRA && next < large.length ? large[next++] : length;
        long stored = unsigned(entry, 20);
        stored = stored == IN_EXTRA && next < large.length ? large[next++] : stored;
        long offset = unsigned(entry, 42);
        offset = offset == IN_EXTRA && next < large.length ? large[next] : offset;
        int method = entry.getChar(10);
        String wrong = wrong(entry.getChar(8), method, length, stored, offset);
        if (wrong != null) {
            found.leaveOut(path, LeftOut.Kind.REJECTED, wrong);
            return;
        }
        Packing packing = method == 0 ? Packing.STORED : Packing.DEFLATED;
        found.file(path, length, new Member("", packing, offset + before, stored, unsigned(entry, 16), null));
    }

    private String wrong(int flags, int method, long length, long stored, long offset) {
        if (length < 0 || stored < 0 || offset < 0 || offset > directory - before || stored > directory - before - offset) {
            return "it does not lie in the archive";
        }
        return wrong(flags, method, length, stored);
    }

    /** Why a member of a length and a stored length cannot be read; null if it can. */
    static String wrong(int flags, int method, long length, long stored) {
        if ((flags & 1) != 0) {
            return "encrypted: unpack it with its password";
        }
        if (method != 0 && method != 8) {
            return "compressed by zip's method " + method + ": only stored (0) and deflated (8) members are read";
        }
        return method == 0 && length != stored ? "stored, but of " + stored + " and " + length + " bytes" : null;
    }

    /** The values that have no room in an entry, in order. */
    static long[] zip64(ByteBuffer extra) {
        ByteBuffer field = field(extra, 0x0001);
        long[] values = new long[field == null ? 0 : field.remaining() / 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = field.getLong();
        }
        return values;
    }

    /** What Info-ZIP stores beside a name in another encoding, if it still belongs to it. */
    private static String unicodeName(ByteBuffer extra, byte[] raw) {
        ByteBuffer field = field(extra, 0x7075);
        if (field == null || field.remaining() < 5 || field.get() != 1) {
            return null;
        }
        CRC32 crc = new CRC32();
        crc.update(raw);
        if (field.getInt() != (int) crc.getValue()) {
            return null;
        }
        byte[] name = new byte[field.remaining()];
        field.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private static ByteBuffer field(ByteBuffer extra, int id) {
        int at = 0;
        while (at + 4 <= extra.limit()) {
            int size = extra.getChar(at + 2);
            if (at + 4 + size > extra.limit()) {
                return null;
            }
            if (extra.getChar(at) == id) {
                return extra.slice(at + 4, size).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + size;
        }
        return null;
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }

    private ByteBuffer at(long offset, int count) throws IOException {
        in.seek(offset);
        return next(count);
    }

    private ByteBuffer next(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it ends within its directory");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
