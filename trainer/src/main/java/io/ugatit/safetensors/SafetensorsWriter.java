package io.ugatit.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ugatit.tensor.FloatMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes safetensors files: 8 bytes of header length (little-endian), a JSON header padded with spaces to a multiple of 8 bytes, then every
 * tensor as F32 without a gap. Python's safetensors opens them as they are.
 */
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int CHUNK_FLOATS = 1 << 18;

    private SafetensorsWriter() {
    }

    /**
     * Streams the tensors through one buffer of 1 MiB, whatever their size; the stream is neither flushed nor closed.
     *
     * @param out takes the file's bytes
     * @param tensors FLOAT arrays by name, written in the map's order; their elements lie one after the other in 'c' order (views of a
     *     larger array may)
     * @param metadata free-form strings for the header; may be empty
     * @throws IllegalArgumentException if an array has another type or layout, or is named {@code __metadata__}; nothing is written then
     * @throws IOException if the stream fails
     */
    public static void write(OutputStream out, Map<String, INDArray> tensors, Map<String, String> metadata) throws IOException {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            new FloatMemory(entry.getKey(), entry.getValue()); // refuses other types and layouts
            shapes.put(entry.getKey(), entry.getValue().shape());
        }
        writeHeader(out, shapes, metadata);
        byte[] chunk = new byte[CHUNK_FLOATS * Float.BYTES];
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            FloatMemory memory = new FloatMemory(entry.getKey(), entry.getValue());
            for (long from = 0; from < memory.length(); from += CHUNK_FLOATS) {
                int count = (int) Math.min(CHUNK_FLOATS, memory.length() - from);
                memory.slice(from, count).get(chunk, 0, count * Float.BYTES);
                out.write(chunk, 0, count * Float.BYTES);
            }
        }
    }

    /**
     * Writes what stands before the tensors' data.
     *
     * @param out takes the bytes
     * @param shapes of tensors of type F32 by name, whose data will follow in the map's order
     * @param metadata free-form strings; may be empty
     * @throws IllegalArgumentException if a tensor is named {@code __metadata__}; nothing is written then
     * @throws IOException if the stream fails
     */
    public static void writeHeader(OutputStream out, Map<String, long[]> shapes, Map<String, String> metadata) throws IOException {
        byte[] header = header(shapes, metadata);
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
        out.write(header);
    }

    private static byte[] header(Map<String, long[]> shapes, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
                if (entry.getKey().equals(SafetensorsHeader.METADATA)) {
                    throw new IllegalArgumentException("a tensor cannot be named " + SafetensorsHeader.METADATA);
                }
                long[] shape = entry.getValue();
                long end = begin + new TensorInfo(entry.getKey(), DType.F32, shape).bytes();
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", DType.F32.name());
                json.writeFieldName("shape");
                json.writeArray(shape, 0, shape.length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % Long.BYTES != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
