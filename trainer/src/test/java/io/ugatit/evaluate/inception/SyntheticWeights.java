package io.ugatit.evaluate.inception;

import io.ugatit.safetensors.SafetensorsWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files that look like the state_dict of {@code pt_inception-2015-12-05}, with weights by a formula that the goldens' reference has, too. */
public final class SyntheticWeights {
    private static final int TENSORS = 5;

    private SyntheticWeights() { }

    /** The names and shapes of such a file. */
    static Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (Convolution convolution : ConvolutionList.all()) {
            long[] outputs = {convolution.outputs()};
            shapes.put(convolution.name() + ".conv.weight", convolution.shape());
            shapes.put(convolution.name() + ".bn.weight", outputs);
            shapes.put(convolution.name() + ".bn.bias", outputs);
            shapes.put(convolution.name() + ".bn.running_mean", outputs);
            shapes.put(convolution.name() + ".bn.running_var", outputs);
        }
        shapes.put("fc.weight", new long[] {1008, 2048});
        shapes.put("fc.bias", new long[] {1008});
        return shapes;
    }

    /** Writes a whole file: 95 MB, of which the classifier's are a hole. */
    public static void write(Path file) throws IOException {
        holes(file, shapes());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.position(Long.BYTES + headerLength(file));
            List<Convolution> convolutions = ConvolutionList.all();
            for (int i = 0; i < convolutions.size(); i++) {
                Convolution convolution = convolutions.get(i);
                int outputs = convolution.outputs();
                int first = TENSORS * (i + 1);
                float bound = (float) Math.sqrt(6.0 / (convolution.inputs() * convolution.height() * convolution.width()));
                put(channel, first, convolution.weights(), 2 * bound, -bound);
                put(channel, first + 1, outputs, 1, 0.5f);
                put(channel, first + 2, outputs, 1, -0.5f);
                put(channel, first + 3, outputs, 1, -0.5f);
                put(channel, first + 4, outputs, 1, 0.5f);
            }
        }
    }

    /** Writes a file with these tensors, all zeros, that takes no room. */
    static void holes(Path file, Map<String, long[]> shapes) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            SafetensorsWriter.writeHeader(out, shapes, Map.of());
        }
        long floats = shapes.values().stream().mapToLong(SyntheticWeights::length).sum();
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(access.length() + Float.BYTES * floats);
        }
    }

    /** Overwrites the first number of a tensor. */
    static void set(Path file, Map<String, long[]> shapes, String name, float value) throws IOException {
        long begin = Long.BYTES + headerLength(file);
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            if (tensor.getKey().equals(name)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value), begin);
                }
                return;
            }
            begin += Float.BYTES * length(tensor.getValue());
        }
        throw new IllegalArgumentException("no " + name);
    }

    private static long length(long[] shape) {
        long length = 1;
        for (long dimension : shape) {
            length *= dimension;
        }
        return length;
    }

    private static long headerLength(Path file) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            return Long.reverseBytes(access.readLong());
        }
    }

    private static void put(FileChannel channel, int tensor, int count, float scale, float shift) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(noise(tensor, i) * scale + shift);
        }
        channel.write(bytes.flip());
    }

    /** The same 24 bits for the same tensor and index, 0 to 1. */
    private static float noise(int tensor, int index) {
        int hash = (index + 1) * 0x9e3779b1 + tensor * 40503;
        hash = (hash ^ hash >>> 15) * 0x85ebca77;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae3d;
        hash ^= hash >>> 16;
        return (hash >>> 8) / (float) (1 << 24);
    }
}
