package io.ugatit.weights.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files as PyTorch writes them, and as it never would: a pickle of opcodes at will, and storages beside it. */
final class TorchFixture {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** Begins with protocol 2 and an open dictionary. */
    static TorchFixture dictionary() {
        return new TorchFixture().raw(0x80, 2, '}', '(');
    }

    TorchFixture raw(int... bytes) {
        for (int each : bytes) {
            pickle.write(each);
        }
        return this;
    }

    TorchFixture text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        raw('X').word(utf8.length);
        pickle.writeBytes(utf8);
        return this;
    }

    /** Four bytes, little-endian. */
    TorchFixture word(int value) {
        pickle.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        return this;
    }

    TorchFixture number(long value) {
        raw(0x8a, 8);
        pickle.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    TorchFixture name(String module, String name) {
        pickle.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private TorchFixture tuple(long... numbers) {
        raw('(');
        for (long number : numbers) {
            number(number);
        }
        return raw('t');
    }

    /** A key and its tensor of a storage that must be {@link #file added}. */
    TorchFixture tensor(String key, String storage, long elements, long offset, long[] shape, long... strides) {
        return view(key, storage, elements, offset, shape, strides).raw('t', 'R');
    }

    /** The same as a negated view. */
    TorchFixture negated(String key, String storage, long elements, long[] shape, long... strides) {
        return view(key, storage, elements, 0, shape, strides).raw('}').text("neg").raw(0x88, 's', 't', 'R');
    }

    private TorchFixture view(String key, String storage, long elements, long offset, long[] shape, long... strides) {
        return text(key).name("torch._utils", "_rebuild_tensor_v2").raw('(', '(').text("storage").name("torch", "FloatStorage").text(storage)
                .text("cpu").number(elements).raw('t', 'Q').number(offset).tuple(shape).tuple(strides).raw(0x89)
                .name("collections", "OrderedDict").raw(')', 'R');
    }

    /** A file in the archive's folder. */
    TorchFixture file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    /** A storage of the floats 0, 1, 2 and so on. */
    TorchFixture storage(String key, int elements) {
        ByteBuffer floats = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            floats.putFloat(i);
        }
        return file("data/" + key, floats.array());
    }

    /** Closes the dictionary and the pickle. */
    TorchFixture end() {
        return raw('u', '.');
    }

    byte[] pickle() {
        return pickle.toByteArray();
    }

    /** The archive, stored. */
    byte[] archive() throws IOException {
        return archive(ZipEntry.STORED);
    }

    byte[] archive(int method) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, "archive/data.pkl", pickle(), method);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                add(zip, "archive/" + file.getKey(), file.getValue(), method);
            }
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content, int method) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
