package io.ugatit.golden;

import io.ugatit.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Weights files as users bring them, made of the golden files' parameters. */
public final class GoldenWeights {
    private GoldenWeights() { }

    /** All six networks' parameters under {@code NET.KEY}; a new map to change at will. */
    public static Map<String, INDArray> tensors(String name) throws IOException {
        try (Golden golden = new Golden(name)) {
            Map<String, INDArray> tensors = new LinkedHashMap<>();
            golden.names("param.").forEach(key -> tensors.put(key, golden.tensor("param." + key)));
            return tensors;
        }
    }

    /** Writes tensors as a safetensors file and returns its path. */
    public static String write(Path file, Map<String, INDArray> tensors) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            SafetensorsWriter.write(out, tensors, Map.of());
        }
        return file.toString();
    }
}
