package io.ugatit.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ugatit.tensor.FloatMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        byte[] header = header(tensors, metadata);
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
        out.write(header);
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

    private static byte[] header(Map<String, INDArray> tensors, Map<String, String> metadata) throws IOException {
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
            for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
                if (entry.getKey().equals(SafetensorsHeader.METADATA)) {
                    throw new IllegalArgumentException("a tensor cannot be named " + SafetensorsHeader.METADATA);
                }
                long end = begin + new FloatMemory(entry.getKey(), entry.getValue()).length() * Float.BYTES;
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", DType.F32.name());
                json.writeFieldName("shape");
                long[] shape = entry.getValue().shape();
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
