package io.ugatit.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;
import org.nd4j.shade.protobuf.UnknownFieldSet;

/** Reads event files as the formats' definitions say, sharing nothing with what writes them: CRCs bit by bit, messages by field numbers. */
public final class EventFiles {
    private EventFiles() { }

    /** The names of a folder's files, in TensorBoard's order. */
    public static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** All events of a folder's files, each file's version checked and left out. */
    public static List<UnknownFieldSet> events(Path folder) throws IOException {
        List<UnknownFieldSet> events = new ArrayList<>();
        for (String name : names(folder)) {
            List<UnknownFieldSet> ofFile = records(Files.readAllBytes(folder.resolve(name)));
            assertThat(text(ofFile.get(0), 3)).isEqualTo("brain.Event:2");
            events.addAll(ofFile.subList(1, ofFile.size()));
        }
        return events;
    }

    /** The values of one tag by step, from the scalars. */
    public static Map<Long, Float> scalars(Path folder, String tag) throws IOException {
        Map<Long, Float> values = new TreeMap<>();
        for (UnknownFieldSet event : events(folder)) {
            for (UnknownFieldSet value : values(event)) {
                if (text(value, 1).equals(tag)) {
                    Float former = values.put(step(event), Float.intBitsToFloat(value.getField(2).getFixed32List().get(0)));
                    assertThat(former).as("a second " + tag + " of step " + step(event)).isNull();
                }
            }
        }
        return values;
    }

    static List<UnknownFieldSet> records(byte[] file) throws InvalidProtocolBufferException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<UnknownFieldSet> records = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertThat(in.getInt()).as("CRC of a length").isEqualTo(masked(length));
            byte[] record = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
            in.get(record);
            assertThat(in.getInt()).as("CRC of a record").isEqualTo(masked(record));
            records.add(UnknownFieldSet.parseFrom(record));
        }
        return records;
    }

    private static int masked(byte[] bytes) {
        int crc = crc32c(bytes);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    /** By Castagnoli's polynomial, a bit at a time. */
    static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte one : bytes) {
            crc ^= one & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    static long step(UnknownFieldSet event) {
        return event.hasField(2) ? event.getField(2).getVarintList().get(0) : 0;
    }

    static double time(UnknownFieldSet event) {
        return Double.longBitsToDouble(event.getField(1).getFixed64List().get(0));
    }

    /** Of an event's summary; none if it has no summary. */
    static List<UnknownFieldSet> values(UnknownFieldSet event) throws InvalidProtocolBufferException {
        return event.hasField(5) ? messages(message(event, 5), 1) : List.of();
    }

    static UnknownFieldSet message(UnknownFieldSet in, int field) throws InvalidProtocolBufferException {
        return messages(in, field).get(0);
    }

    static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) throws InvalidProtocolBufferException {
        List<UnknownFieldSet> messages = new ArrayList<>();
        for (var bytes : in.getField(field).getLengthDelimitedList()) {
            messages.add(UnknownFieldSet.parseFrom(bytes));
        }
        return messages;
    }

    static String text(UnknownFieldSet in, int field) {
        return new String(bytes(in, field), StandardCharsets.UTF_8);
    }

    static byte[] bytes(UnknownFieldSet in, int field) {
        return in.getField(field).getLengthDelimitedList().get(0).toByteArray();
    }
}
