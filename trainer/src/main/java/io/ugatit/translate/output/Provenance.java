package io.ugatit.translate.output;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;

/**
 * A translation and the version of the image that it is of. Another image under the same name differs in length or time, even when it is
 * older.
 *
 * @param translation relative path in the output
 * @param source relative path in the input
 * @param length of the source in bytes
 * @param modified when the source was last written, in milliseconds since 1970
 */
record Provenance(@JsonProperty("translation") String translation, @JsonProperty("source") String source, @JsonProperty("length") long length,
        @JsonProperty("modified") long modified) implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One line of JSON, without the line's end. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and numbers are always JSON", e);
        }
    }
}
