package io.ugatit.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TensorFlow's record format, in memory: for each record its length (8 bytes), the length's checksum (4), the bytes, and their checksum (4),
 * all little-endian. A checksum is CRC-32C, masked, since that of data which hold their own CRC is weak (tensorflow/core/lib/io/record_writer.h
 * and lib/hash/crc32c.h). Not thread-safe.
 */
final class RecordFile {
    private static final int MASK = 0xa282ead8;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a record. */
    void add(byte[] record) {
        byte[] length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array();
        bytes.writeBytes(length);
        bytes.writeBytes(checksum(length));
        bytes.writeBytes(record);
        bytes.writeBytes(checksum(record));
    }

    private static byte[] checksum(byte[] of) {
        CRC32C crc = new CRC32C();
        crc.update(of);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + MASK;
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
    }

    /** All records so far, as a file. */
    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
