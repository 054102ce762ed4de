package io.ugatit.image.metadata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first directory of a TIFF, BigTIFF or block of EXIF: its tags and where their values are. Nothing in it is trusted: tags whose
 * values are not inside the file are left out. Of a tag that comes twice the last counts, as in Pillow.
 */
public final class TiffDirectory {
    private static final int BIG = 43;
    private static final short SHORT = 3;
    /** Bytes of a value by type, from 1 (BYTE) to 18 (IFD8); 0 for what is no type. */
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

    private final ByteBuffer tiff;
    private final boolean big;
    private final int start;
    private final int end;
    private final Map<Integer, Field> fields = new LinkedHashMap<>();

    /**
     * A tag.
     *
     * @param type how its values are stored, 1 (BYTE) to 18 (IFD8)
     * @param count how many there are
     * @param at index of the first
     * @param entry index of what describes it
     */
    private record Field(int type, int count, int at, int entry) {}

    private TiffDirectory(ByteBuffer tiff, boolean big, long offset) {
        this.tiff = tiff;
        this.big = big;
        start = Math.toIntExact(offset);
        long entries = big ? tiff.getLong(start) : tiff.getShort(start) & 0xffff;
        int first = start + (big ? 8 : 2);
        if (entries < 0 || entries > (tiff.limit() - first) / entryLength()) {
            throw new IndexOutOfBoundsException();
        }
        end = first + (int) entries * entryLength();
        for (int entry = first; entry < end; entry += entryLength()) {
            int type = tiff.getShort(entry + 2) & 0xffff;
            long count = big ? tiff.getLong(entry + 4) : tiff.getInt(entry + 4) & 0xffffffffL;
            int size = type < SIZES.length ? SIZES[type] : 0;
            if (size > 0 && count > 0 && count <= tiff.limit() / size) {
                long at = entry + (big ? 12 : 8);
                if (count * size > (big ? 8 : 4)) {
                    at = big ? tiff.getLong((int) at) : tiff.getInt((int) at) & 0xffffffffL;
                }
                if (at >= 0 && at <= tiff.limit() - count * size) {
                    fields.put(tiff.getShort(entry) & 0xffff, new Field(type, (int) count, (int) at, entry));
                }
            }
        }
    }

    /**
     * Reads a directory.
     *
     * @param tiff from the byte order on
     * @return the directory; empty if there is none or it does not end inside
     */
    public static Optional<TiffDirectory> read(ByteBuffer tiff) {
        try {
            ByteBuffer bytes = tiff.slice().order(tiff.get(tiff.position()) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            boolean big = bytes.getShort(2) == BIG;
            return Optional.of(new TiffDirectory(bytes, big, big ? bytes.getLong(8) : bytes.getInt(4) & 0xffffffffL));
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return Optional.empty(); // an offset points outside
        }
    }

    /** The order of bytes in numbers. */
    ByteOrder order() {
        return tiff.order();
    }

    /** Its tags, in the file's order. */
    Set<Integer> tags() {
        return fields.keySet();
    }

    /** How a tag's values are stored, 1 (BYTE) to 18 (IFD8); there must be such a tag. */
    int type(int tag) {
        return fields.get(tag).type();
    }

    /**
     * A directory that a tag points to.
     *
     * @return empty without the tag, or if no directory is there
     */
    Optional<TiffDirectory> directory(int tag) {
        try {
            return has(tag) ? Optional.of(new TiffDirectory(tiff, big, value(tag, 0, -1))) : Optional.empty();
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return Optional.empty(); // it points outside
        }
    }

    /** Whether it has a tag. */
    public boolean has(int tag) {
        return fields.containsKey(tag);
    }

    /** How many values a tag has; 0 without it. */
    public int count(int tag) {
        return has(tag) ? fields.get(tag).count() : 0;
    }

    /**
     * A whole number that a tag has.
     *
     * @param index which of its values, from 0
     * @param otherwise what counts without the tag, or if it has no such value
     */
    public long value(int tag, int index, long otherwise) {
        return index < count(tag) ? (long) number(fields.get(tag), index) : otherwise;
    }

    /** The first value of a tag as a number; nothing without the tag, or if it is a text or plain bytes. */
    public Optional<Double> number(int tag) {
        Field field = fields.get(tag);
        return field == null || Set.of(1, 2, 7).contains(field.type()) ? Optional.empty() : Optional.of(number(field, 0));
    }

    /** The bytes of a tag's values; empty without it. */
    public ByteBuffer bytes(int tag) {
        Field field = fields.get(tag);
        return field == null ? ByteBuffer.allocate(0) : tiff.slice(field.at(), field.count() * SIZES[field.type()]);
    }

    /**
     * A copy of the file whose only directory is this one, with some of its tags: a reader of it meets nothing that has not been read here.
     *
     * @param file the whole file
     * @param tags which tags to keep
     * @param values what some of them say instead of what they say now, 0 to 65535
     * @throws IndexOutOfBoundsException if the file ends within the directory
     */
    public byte[] only(byte[] file, Set<Integer> tags, Map<Integer, Integer> values) {
        byte[] copy = file.clone();
        ByteBuffer out = ByteBuffer.wrap(copy).order(tiff.order());
        int to = start + (big ? 8 : 2);
        int kept = 0;
        for (int tag : fields.keySet().stream().sorted().filter(tags::contains).toList()) {
            out.put(to, file, fields.get(tag).entry(), entryLength());
            if (values.containsKey(tag)) {
                out.putShort(to + 2, SHORT);
                if (big) {
                    out.putLong(to + 4, 1);
                } else {
                    out.putInt(to + 4, 1);
                }
                out.putShort(to + (big ? 12 : 8), values.get(tag).shortValue());
            }
            to += entryLength();
            kept++;
        }
        if (big) {
            out.putLong(start, kept);
            out.putLong(to, 0);
        } else {
            out.putShort(start, (short) kept);
            out.putInt(to, 0);
        }
        return copy;
    }

    private int entryLength() {
        return big ? 20 : 12;
    }

    private double number(Field field, int index) {
        int at = field.at() + index * SIZES[field.type()];
        return switch (field.type()) {
            case 1, 2, 7 -> tiff.get(at) & 0xff;
            case 3 -> tiff.getShort(at) & 0xffff;
            case 4, 13 -> tiff.getInt(at) & 0xffffffffL;
            case 5 -> (tiff.getInt(at) & 0xffffffffL) / (double) (tiff.getInt(at + 4) & 0xffffffffL);
            case 6 -> tiff.get(at);
            case 8 -> tiff.getShort(at);
            case 9 -> tiff.getInt(at);
            case 10 -> tiff.getInt(at) / (double) tiff.getInt(at + 4);
            case 11 -> tiff.getFloat(at);
            case 12 -> tiff.getDouble(at);
            default -> tiff.getLong(at);
        };
    }
}
