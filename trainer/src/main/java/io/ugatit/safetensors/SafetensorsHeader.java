package io.ugatit.safetensors;

import static io.ugatit.job.Untrusted.oneLine;
import static io.ugatit.job.Untrusted.quoted;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file. Whoever holds one may rely on it: names are unique, types known, sizes free of overflow, and the
 * tensors cover the data without gap or overlap.
 *
 * @param metadata the file's free-form strings, in the order of the file; empty when it has none
 * @param tensors the tensors by name, in the order of their bytes
 * @param begins the first byte of each tensor, counted from the end of the header
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors, Map<String, Long> begins) {
    /** A tensor and its bytes, counted from the end of the header; as many as its shape and type need. */
    private record Placed(TensorInfo tensor, long begin, long end) { }

    static final String METADATA = "__metadata__";
    /** ND4J's own limit. */
    private static final int MAX_RANK = 32;
    /** Of what says a tensor's type, shape and place. */
    private static final int MOST_TENSOR_BYTES = 1 << 16;
    private static final int MOST_METADATA_BYTES = 1 << 24;
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /**
     * @param file what messages call the file
     * @param json the header's bytes
     * @param dataLength how many bytes follow the header
     * @throws InvalidRequestException if the header is not that of a whole safetensors file; one line that names file and tensor
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataLength) {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Placed> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (json.length == 0 || json[0] != '{' || parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidRequestException(file + ": the header does not begin with '{', so this is not a safetensors file");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                JsonNode value = value(file, name, json, parser);
                if (name.equals(METADATA)) {
                    readMetadata(file, value, metadata);
                } else {
                    found.add(readTensor(file + ": tensor " + quoted(name), name, value));
                }
            }
            if (parser.nextToken() != null) {
                throw new InvalidRequestException(file + ": the header goes on after its closing '}'");
            }
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(file + ": the header is not valid JSON: " + oneLine(e.getOriginalMessage()), e);
        } catch (IOException e) { // of a byte array: what is no text in UTF-8
            throw new InvalidRequestException(file + ": the header is not valid JSON: " + oneLine(String.valueOf(e.getMessage())), e);
        }
        found.sort(Comparator.comparingLong(Placed::begin).thenComparingLong(Placed::end));
        checkCoverage(file, found, dataLength);
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        Map<String, Long> begins = new HashMap<>();
        for (Placed placed : found) {
            tensors.put(placed.tensor().name(), placed.tensor());
            begins.put(placed.tensor().name(), placed.begin());
        }
        return new SafetensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors), begins);
    }

    /** A tree takes many times the memory of its text: so its length is looked at first. */
    private static JsonNode value(String file, String name, byte[] json, JsonParser parser) throws IOException {
        long begin = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken(); // text is read when it is asked for
        long end = parser.currentLocation().getByteOffset();
        long most = name.equals(METADATA) ? MOST_METADATA_BYTES : MOST_TENSOR_BYTES;
        if (begin < 0 || end - begin > most) {
            throw new InvalidRequestException(file + ": the header's entry " + quoted(name) + (begin < 0 ? " is not UTF-8"
                    : " has " + (end - begin) + " bytes, at most " + most + " are read"));
        }
        return JSON.readTree(json, (int) begin, (int) (end - begin));
    }

    /** The first byte of a tensor that is there, counted from the end of the header. */
    long begin(String tensor) {
        return begins.get(tensor);
    }

    private static void readMetadata(String file, JsonNode value, Map<String, String> metadata) {
        if (!value.isObject()) {
            throw new InvalidRequestException(file + ": " + METADATA + " must be a JSON object of strings");
        }
        value.fields().forEachRemaining(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new InvalidRequestException(file + ": " + METADATA + " entry " + quoted(entry.getKey()) + " must be a string");
            }
            metadata.put(entry.getKey(), entry.getValue().textValue());
        });
    }

    private static Placed readTensor(String where, String name, JsonNode value) {
        JsonNode type = value.path("dtype");
        JsonNode shape = value.path("shape");
        JsonNode offsets = value.path("data_offsets");
        if (!type.isTextual() || !shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw new InvalidRequestException(where + ": needs a dtype, a shape and two data_offsets");
        }
        DType dtype = dtype(where, type.textValue());
        if (shape.size() > MAX_RANK) {
            throw new InvalidRequestException(where + ": has " + shape.size() + " dimensions, at most " + MAX_RANK + " are possible");
        }
        long[] dimensions = new long[shape.size()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = count(where, "dimension", shape.get(i));
        }
        TensorInfo tensor = new TensorInfo(name, dtype, dimensions);
        long bytes = bytes(where, tensor);
        long begin = count(where, "data offset", offsets.get(0));
        long end = count(where, "data offset", offsets.get(1));
        if (end < begin || end - begin != bytes) {
            throw new InvalidRequestException(where + ": data_offsets [" + begin + ", " + end + "] do not hold the " + bytes
                    + " bytes of its shape and type " + dtype);
        }
        return new Placed(tensor, begin, end);
    }

    private static long bytes(String where, TensorInfo tensor) {
        try {
            return tensor.bytes();
        } catch (ArithmeticException e) {
            throw new InvalidRequestException(where + ": its size overflows 64 bits", e);
        }
    }

    private static DType dtype(String where, String text) {
        for (DType known : DType.values()) {
            if (known.name().equals(text)) {
                return known;
            }
        }
        throw new InvalidRequestException(where + ": unknown dtype " + quoted(text));
    }

    private static long count(String where, String what, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new InvalidRequestException(where + ": " + what + " " + quoted(value.toString()) + " is not a whole number from 0 to 2^63-1");
        }
        return value.longValue();
    }

    private static void checkCoverage(String file, List<Placed> byOffset, long dataLength) {
        long covered = 0;
        for (Placed placed : byOffset) {
            if (placed.begin() != covered) {
                throw new InvalidRequestException(file + ": tensor " + quoted(placed.tensor().name()) + ": begins at byte " + placed.begin()
                        + (placed.begin() < covered ? ", inside the tensor before it, which ends at " : ", leaving a gap after byte ") + covered);
            }
            covered = placed.end();
            if (covered > dataLength) {
                throw new InvalidRequestException(file + ": tensor " + quoted(placed.tensor().name()) + ": ends at byte " + covered
                        + " of the data, but the file holds only " + dataLength);
            }
        }
        if (covered != dataLength) {
            throw new InvalidRequestException(file + ": the tensors end at byte " + covered + " of the data, but the file holds " + dataLength);
        }
    }
}
