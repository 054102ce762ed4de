package io.ugatit.checkpoint;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file. Whoever holds one may rely on it: names are unique, types known, sizes free of overflow, and the
 * tensors cover the data without gap or overlap.
 *
 * @param metadata the file's free-form strings, in the order of the file; empty when it has none
 * @param tensors the tensors by name, in the order of their bytes
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {
    static final String METADATA = "__metadata__";
    /** ND4J's own limit. */
    private static final int MAX_RANK = 32;
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /**
     * @param file what messages call the file
     * @param json the header's bytes
     * @param dataLength how many bytes follow the header
     * @throws InvalidRequestException if the header is not that of a whole safetensors file; one line that names file and tensor
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataLength) {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<TensorInfo> found = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (json.length == 0 || json[0] != '{' || parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidRequestException(file + ": the header does not begin with '{', so this is not a safetensors file");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                JsonNode value = parser.readValueAsTree();
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
        } catch (IOException e) {
            throw new IllegalStateException("a byte array cannot fail to be read", e);
        }
        found.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        checkCoverage(file, found, dataLength);
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        found.forEach(tensor -> tensors.put(tensor.name(), tensor));
        return new SafetensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
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

    private static TensorInfo readTensor(String where, String name, JsonNode value) {
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
        long bytes = dtype.bytes();
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = count(where, "dimension", shape.get(i));
            try {
                bytes = Math.multiplyExact(bytes, dimensions[i]);
            } catch (ArithmeticException e) {
                throw new InvalidRequestException(where + ": its size overflows 64 bits", e);
            }
        }
        long begin = count(where, "data offset", offsets.get(0));
        long end = count(where, "data offset", offsets.get(1));
        if (end < begin || end - begin != bytes) {
            throw new InvalidRequestException(where + ": data_offsets [" + begin + ", " + end + "] do not hold the " + bytes
                    + " bytes of its shape and type " + dtype);
        }
        return new TensorInfo(name, dtype, dimensions, begin, end);
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

    private static void checkCoverage(String file, List<TensorInfo> byOffset, long dataLength) {
        long covered = 0;
        for (TensorInfo tensor : byOffset) {
            if (tensor.begin() != covered) {
                throw new InvalidRequestException(file + ": tensor " + quoted(tensor.name()) + ": begins at byte " + tensor.begin()
                        + (tensor.begin() < covered ? ", inside the tensor before it, which ends at " : ", leaving a gap after byte ") + covered);
            }
            covered = tensor.end();
            if (covered > dataLength) {
                throw new InvalidRequestException(file + ": tensor " + quoted(tensor.name()) + ": ends at byte " + covered
                        + " of the data, but the file holds only " + dataLength);
            }
        }
        if (covered != dataLength) {
            throw new InvalidRequestException(file + ": the tensors end at byte " + covered + " of the data, but the file holds " + dataLength);
        }
    }

    /** Names come from the file: a message must stay one short line whatever they hold. */
    static String quoted(String text) {
        return '"' + oneLine(text) + '"';
    }

    private static String oneLine(String text) {
        String flat = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return flat.length() <= 200 ? flat : flat.substring(0, 200) + "...";
    }
}
