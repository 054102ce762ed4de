package io.ugatit.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Networks as a safetensors file: all six under {@code NET.KEY}, as import takes them back, or one under the bare keys of its module, as
 * PyTorch's {@code load_state_dict} takes them.
 */
final class SafetensorsModel {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Names and shapes in the file, by the name in the checkpoint. */
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata;

    private record Tensor(String name, long[] shape) {
        long bytes() {
            return LongStream.of(shape).reduce(Float.BYTES, Math::multiplyExact);
        }
    }

    private SafetensorsModel(Map<String, String> metadata) {
        this.metadata = new LinkedHashMap<>(metadata);
        this.metadata.put("format", "pt"); // what Python's loaders ask for
    }

    /** All six networks. */
    static SafetensorsModel all(NetworkOptions options, Map<String, String> metadata) {
        SafetensorsModel model = new SafetensorsModel(metadata);
        for (Network network : Network.values()) {
            network.parameterShapes(options).forEach((name, shape) -> model.tensors.put(name, new Tensor(name, shape)));
        }
        return model;
    }

    /** One network. */
    static SafetensorsModel one(Network network, NetworkOptions options, Map<String, String> metadata) {
        SafetensorsModel model = new SafetensorsModel(metadata);
        model.metadata.put("network", network.key());
        network.parameterShapes(options).forEach(
                (name, shape) -> model.tensors.put(name, new Tensor(name.substring(network.key().length() + 1), shape)));
        return model;
    }

    /** Streams the file; the stream is neither flushed nor closed. */
    void write(OutputStream out, CheckpointWeights weights) throws IOException {
        byte[] header = header();
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
        out.write(header);
        for (String name : tensors.keySet()) {
            weights.copy(name, out);
        }
    }

    /** The header, padded with spaces to whole words. */
    private byte[] header() throws JsonProcessingException {
        ObjectNode header = JSON.createObjectNode();
        header.set("__metadata__", JSON.valueToTree(metadata));
        long begin = 0;
        for (Tensor tensor : tensors.values()) {
            long end = begin + tensor.bytes();
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", "F32");
            entry.set("shape", JSON.valueToTree(tensor.shape()));
            entry.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        byte[] padded = Arrays.copyOf(json, (json.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }
}
