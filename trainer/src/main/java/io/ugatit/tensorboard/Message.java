package io.ugatit.tensorboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.nd4j.shade.protobuf.CodedOutputStream;

/** A protobuf message as it is built, field by field; there are too few kinds here for generated classes. */
final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /** Writes one field. */
    @FunctionalInterface
    private interface Field {
        void write() throws IOException;
    }

    Message put(int field, double value) {
        return put(() -> out.writeDouble(field, value));
    }

    Message put(int field, float value) {
        return put(() -> out.writeFloat(field, value));
    }

    Message put(int field, long value) {
        return put(() -> out.writeInt64(field, value));
    }

    Message put(int field, boolean value) {
        return put(() -> out.writeBool(field, value));
    }

    Message put(int field, String value) {
        return put(() -> out.writeString(field, value));
    }

    Message put(int field, byte[] value) {
        return put(() -> out.writeByteArray(field, value));
    }

    Message put(int field, Message value) {
        return put(field, value.toBytes());
    }

    byte[] toBytes() {
        put(out::flush);
        return bytes.toByteArray();
    }

    private Message put(Field field) {
        try {
            field.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return this;
    }
}
