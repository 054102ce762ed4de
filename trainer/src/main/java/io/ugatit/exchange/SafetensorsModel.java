package io.ugatit.exchange;

import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.safetensors.SafetensorsWriter;
import io.ugatit.weights.WeightsFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Networks as a safetensors file: all six under {@code NET.KEY}, as import takes them back, or one under the bare keys of its module, as
 * PyTorch's {@code load_state_dict} takes them.
 */
final class SafetensorsModel {
    /** Names in the checkpoint, in the order of the shapes. */
    private final List<String> names = new ArrayList<>();
    /** By the name in the file. */
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Map<String, String> metadata;

    private SafetensorsModel(Map<String, String> metadata) {
        this.metadata = new LinkedHashMap<>(metadata);
        this.metadata.put("format", "pt"); // what Python's loaders ask for
    }

    /** All six networks. */
    static SafetensorsModel all(NetworkOptions options, Map<String, String> metadata) {
        SafetensorsModel model = new SafetensorsModel(metadata);
        for (Network network : Network.values()) {
            model.add(network, options, 0);
        }
        return model;
    }

    /** One network. */
    static SafetensorsModel one(Network network, NetworkOptions options, Map<String, String> metadata) {
        SafetensorsModel model = new SafetensorsModel(metadata);
        model.metadata.put(WeightsFile.NETWORK, network.key());
        model.add(network, options, network.key().length() + 1);
        return model;
    }

    /** @param skipped how many letters of the names to leave out */
    private void add(Network network, NetworkOptions options, int skipped) {
        network.parameterShapes(options).forEach((name, shape) -> {
            names.add(name);
            shapes.put(name.substring(skipped), shape);
        });
    }

    /** Streams the file; the stream is neither flushed nor closed. */
    void write(OutputStream out, CheckpointWeights weights) throws IOException {
        SafetensorsWriter.writeHeader(out, shapes, metadata);
        for (String name : names) {
            weights.copy(name, out);
        }
    }
}
