package io.ugatit.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipException;

/** Goes through a tar archive once, from member to member. Takes memory for names only, and not more than a megabyte for one. */
final class TarWalk {
    private static final int LONGEST_EXTENSION = 1 << 20;
    private static final int LONGEST_TARGET = 200;
    private static final int SKIP = 1 << 20;

    private final InputStream in;
    private final Packing packing;
    private final MemberFindings found;
    private final Look look;
    private long position;

    /** Looks at what a regular file holds. */
    @FunctionalInterface
    interface Look {
        /**
         * Looks at a file.
         *
         * @param name its checked name
         * @param bytes what it holds; what is not read of them is skipped
         * @return the hash of all of them, or null
         */
        String hash(String name, InputStream bytes) throws IOException;
    }

    /**
     * @param in the archive from its start, uncompressed; its skip goes as far as it is told unless the archive ends
     * @param packing how members lie in it
     * @param found takes the members
     * @param look at each file
     */
    TarWalk(InputStream in, Packing packing, MemberFindings found, Look look) {
        this.in = in;
        this.packing = packing;
        this.found = found;
        this.look = look;
    }

    /**
     * Goes from here to the end.
     *
     * @throws EOFException if the archive is cut off
     * @throws ZipException if it is damaged or none
     */
    void walk() throws IOException {
        byte[] longName = null;
        byte[] longLink = null;
        Map<String, byte[]> extended = Map.of();
        while (true) {
            byte[] block = read(TarHeader.BLOCK);
            if (TarHeader.isEnd(block)) {
                return;
            }
            TarHeader header = TarHeader.parse(block);
            switch (header.type()) {
                case 'L' -> longName = untilZero(extension(header));
                case 'K' -> longLink = untilZero(extension(header));
                case 'x', 'X' -> extended = records(extension(header));
                case 'g', 'V' -> skip(TarHeader.padded(header.size())); // what holds for all members, and the archive's name
                default -> {
                    byte[] name = extended.getOrDefault("path", longName == null ? header.name() : longName);
                    byte[] link = extended.getOrDefault("linkpath", longLink == null ? header.link() : longLink);
                    boolean sparse = header.type() == 'S' || extended.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
                    if (header.type() == 'S') {
                        skipSparseMaps(block);
                    }
                    member(header.type(), name, link, size(header, extended), sparse);
                    longName = null;
                    longLink = null;
                    extended = Map.of();
                }
            }
        }
    }

    private void member(char type, byte[] name, byte[] link, long size, boolean sparse) throws IOException {
        if (size > Long.MAX_VALUE / 4) {
            throw new ZipException("a member of " + size + " bytes");
        }
        long offset = position;
        String path = type == '5' ? null : found.name(name);
        if (path != null) {
            switch (type) {
                case '0', '7' -> {
                    if (sparse) {
                        found.leaveOut(path, LeftOut.Kind.REJECTED, "a sparse file: make the archive without --sparse");
                    } else {
                        file(path, offset, size);
                    }
                }
                case 'S' -> found.leaveOut(path, LeftOut.Kind.REJECTED, "a sparse file: make the archive without --sparse");
                case '1', '2' -> found.leaveOut(path, LeftOut.Kind.LINK, "a link in an archive, to "
                        + new String(link, 0, Math.min(link.length, LONGEST_TARGET), StandardCharsets.UTF_8)
                        + (link.length > LONGEST_TARGET ? "..." : ""));
                case '3', '4', '6' -> found.leaveOut(path, LeftOut.Kind.NO_REGULAR_FILE, "no regular file but a pipe or a device");
                default -> found.leaveOut(path, LeftOut.Kind.NO_REGULAR_FILE, "a member of a kind that is not known: '"
                        + (type > ' ' && type < 127 ? String.valueOf(type) : "\\" + (int) type) + "'");
            }
        }
        skip(offset + TarHeader.padded(size) - position);
    }

    /** A file counts when all of it is there. */
    private void file(String path, long offset, long size) throws IOException {
        if (!found.takes(path)) {
            return;
        }
        LimitedInput bytes = new LimitedInput(in, size);
        String hash = look.hash(path, bytes);
        position = offset + size - bytes.left();
        skip(bytes.left());
        found.file(path, size, new Member("", packing, offset, size, 0, hash));
    }

    /** After the header of a sparse file of GNU's more of its map may follow, each block saying whether another one does. */
    private void skipSparseMaps(byte[] header) throws IOException {
        boolean more = header[482] != 0;
        while (more) {
            more = read(TarHeader.BLOCK)[504] != 0;
        }
    }

    private static long size(TarHeader header, Map<String, byte[]> extended) throws ZipException {
        byte[] size = extended.get("size");
        if (size == null || header.type() >= '2' && header.type() <= '6') {
            return header.size();
        }
        String digits = new String(size, StandardCharsets.ISO_8859_1);
        if (!digits.matches("[0-9]{1,18}")) {
            throw new ZipException("a member whose size is no number");
        }
        return Long.parseLong(digits);
    }

    private byte[] extension(TarHeader header) throws IOException {
        if (header.size() > LONGEST_EXTENSION) {
            throw new ZipException("a name or header of " + header.size() + " bytes");
        }
        byte[] bytes = read((int) header.size());
        skip(TarHeader.padded(header.size()) - header.size());
        return bytes;
    }

    /** Lines {@code LENGTH KEY=VALUE}, whose length counts all of the line. */
    private static Map<String, byte[]> records(byte[] bytes) throws ZipException {
        Map<String, byte[]> records = new HashMap<>();
        int at = 0;
        while (at < bytes.length && bytes[at] != 0) {
            int space = at;
            while (space < bytes.length && space < at + 8 && bytes[space] >= '0' && bytes[space] <= '9') {
                space++;
            }
            int length = space == at ? 0 : Integer.parseInt(new String(bytes, at, space - at, StandardCharsets.ISO_8859_1));
            int end = at + length;
            int equals = space;
            while (equals < Math.min(end, bytes.length) && bytes[equals] != '=') {
                equals++;
            }
            if (end > bytes.length || equals >= end - 1 || bytes[space] != ' ' || bytes[end - 1] != '\n') {
                throw new ZipException("an extended header that is damaged");
            }
            String key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            records.put(key, Arrays.copyOfRange(bytes, equals + 1, end - 1));
            at = end;
        }
        return records;
    }

    private static byte[] untilZero(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        position += bytes.length;
        if (bytes.length < count) {
            throw new EOFException("it ends within a member or without its end mark");
        }
        return bytes;
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            long n = in.skip(Math.min(left, SKIP));
            if (n <= 0) {
                throw new EOFException("it ends within a member or without its end mark");
            }
            left -= n;
            position += n;
        }
    }
}
