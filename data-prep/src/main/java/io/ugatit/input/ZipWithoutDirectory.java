package io.ugatit.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Goes through a zip archive whose end, and with it the directory, is cut off: from the header of one member to that of the next, as far as
 * whole members go. Of members whose length stands behind them the end is found by inflating them. See {@link ZipDirectory}.
 */
final class ZipWithoutDirectory {
    private static final int HEADER = 30;
    private static final int HEADER_SIGNATURE = 0x04034b50;
    private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
    private static final long IN_EXTRA = 0xffffffffL;

    private final ArchiveInput in;
    private final MemberFindings found;

    ZipWithoutDirectory(ArchiveInput in, MemberFindings found) {
        this.in = in;
        this.found = found;
    }

    /** Takes the whole members in; the caller says that there may be more. */
    void walk() throws IOException {
        long at = 0;
        while (at >= 0) {
            in.seek(at);
            at = member(at);
        }
    }

    /** Where the next member begins; negative if there is none. */
    private long member(long offset) throws IOException {
        ByteBuffer header = next(HEADER);
        if (header == null || header.getInt(0) != HEADER_SIGNATURE) {
            return -1;
        }
        ByteBuffer name = next(header.getChar(26));
        ByteBuffer extra = next(header.getChar(28));
        if (name == null || extra == null) {
            return -1;
        }
        int flags = header.getChar(6);
        int method = header.getChar(8);
        long crc = Integer.toUnsignedLong(header.getInt(14));
        long stored = Integer.toUnsignedLong(header.getInt(18));
        long length = Integer.toUnsignedLong(header.getInt(22));
        long data = in.position();
        long end;
        if ((flags & 1 << 3) != 0) {
            long[] sizes = (flags & 1) == 0 && method == 8 ? inflate() : null;
            if (sizes == null) {
                return -1;
            }
            stored = sizes[0];
            length = sizes[1];
            crc = sizes[2];
            end = afterDescriptor(data + stored, crc, stored);
        } else {
            long[] large = ZipDirectory.zip64(extra);
            int used = 0;
            length = length == IN_EXTRA && used < large.length ? large[used++] : length;
            stored = stored == IN_EXTRA && used < large.length ? large[used] : stored;
            end = data + stored;
        }
        if (length < 0 || stored < 0 || end < data || end > in.length()) {
            return -1;
        }
        byte[] raw = name.array();
        boolean folder = raw.length > 0 && raw[raw.length - 1] == '/';
        String path = (flags & 1 << 11) != 0 ? found.name(raw) : found.name(MemberFindings.guess(raw));
        if (path != null && !folder) {
            take(path, flags, method, length, new Member("", method == 0 ? Packing.STORED : Packing.DEFLATED, offset, stored, crc, null));
        }
        return end;
    }

    private void take(String path, int flags, int method, long length, Member member) throws IOException {
        if (found.takes(path)) {
            String wrong = ZipDirectory.wrong(flags, method, length, member.stored());
            if (wrong == null) {
                found.file(path, length, member);
            } else {
                found.leaveOut(path, LeftOut.Kind.REJECTED, wrong);
            }
        }
    }

    /** Stored and true length and checksum of what begins here; null if it does not end. */
    private long[] inflate() throws IOException {
        Inflater inflater = new Inflater(true);
        CRC32 crc = new CRC32();
        byte[] input = new byte[1 << 16];
        byte[] output = new byte[1 << 16];
        try {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int n = in.read(input, 0, input.length);
                    if (n < 0) {
                        return null;
                    }
                    inflater.setInput(input, 0, n);
                }
                int n = inflater.inflate(output);
                if (n == 0 && inflater.needsDictionary()) {
                    return null;
                }
                crc.update(output, 0, n);
            }
            return new long[] {inflater.getBytesRead(), inflater.getBytesWritten(), crc.getValue()};
        } catch (DataFormatException e) {
            return null; // damaged there: no whole member
        } finally {
            inflater.end();
        }
    }

    /** A descriptor has a signature or not, and lengths of four bytes or, of large members, eight. */
    private long afterDescriptor(long at, long crc, long stored) throws IOException {
        in.seek(at);
        ByteBuffer descriptor = next(24);
        if (descriptor == null) {
            return -1;
        }
        int first = descriptor.getInt(0) == DESCRIPTOR_SIGNATURE ? 4 : 0;
        if (Integer.toUnsignedLong(descriptor.getInt(first)) != crc) {
            return -1;
        }
        boolean large = descriptor.getLong(first + 4) == stored && descriptor.getInt(first + 8) == 0 && stored > 0
                && descriptor.getInt(first + 12) != HEADER_SIGNATURE;
        return at + first + (large ? 20 : 12);
    }

    /** Null if there are fewer bytes. */
    private ByteBuffer next(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        return bytes.length < count ? null : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
