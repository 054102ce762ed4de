package io.ugatit.weights.torch;

import io.ugatit.job.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A pickle's bytes, read from front to back; little-endian. Every method refuses to read beyond the end. */
final class PickleBytes {
    /** A module's or a class's name. */
    private static final int LONGEST_LINE = 1024;

    private final ByteBuffer bytes;

    PickleBytes(byte[] pickle) {
        this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The index of the next byte. */
    int position() {
        return bytes.position();
    }

    /** @throws InvalidRequestException if fewer bytes are left */
    void requireLeft(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new InvalidRequestException("the pickle is cut short: " + Long.toUnsignedString(count) + " more bytes expected at byte "
                    + bytes.position() + " of " + bytes.limit());
        }
    }

    int unsignedByte() {
        requireLeft(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int unsignedShort() {
        requireLeft(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int intWord() {
        requireLeft(Integer.BYTES);
        return bytes.getInt();
    }

    long unsignedInt() {
        return Integer.toUnsignedLong(intWord());
    }

    long longWord() {
        requireLeft(Long.BYTES);
        return bytes.getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(longWord()));
    }

    /** A whole number in two's complement. */
    long longOf(int length) {
        requireLeft(length);
        if (length > Long.BYTES) {
            throw new InvalidRequestException("the pickle has a number of " + length + " bytes at byte " + bytes.position()
                    + ", more than 64 bits");
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            long part = i == length - 1 ? bytes.get() : Byte.toUnsignedLong(bytes.get());
            number |= part << (Byte.SIZE * i);
        }
        return number;
    }

    /** Text in UTF-8. */
    String text(long length) {
        requireLeft(length);
        ByteBuffer text = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidRequestException("the pickle has text that is not UTF-8 before byte " + bytes.position(), e);
        }
    }

    /** Text up to a line feed. */
    String line() {
        int begin = bytes.position();
        int end = begin;
        while (end < bytes.limit() && end - begin <= LONGEST_LINE && bytes.get(end) != '\n') {
            end++;
        }
        if (end == bytes.limit() || end - begin > LONGEST_LINE) {
            throw new InvalidRequestException("the pickle has a name at byte " + begin + " that does not end");
        }
        String line = text(end - begin);
        bytes.get();
        return line;
    }
}
