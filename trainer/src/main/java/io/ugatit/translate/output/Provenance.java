package io.ugatit.translate.output;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A translation and the version of the image that it is of. Another image under the same name differs in length or time, even when it is
 * older.
 *
 * @param translation as in {@link PlannedImage#translation}
 * @param source relative path in the input, or a row's name
 * @param length of the source in bytes
 * @param modified when the source was last written, in milliseconds since 1970; of a row a number that its bytes decide
 * @param part the file that holds the translation among others, relative to the output; null if it is a file by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Provenance(@JsonProperty("translation") String translation, @JsonProperty("source") String source,
        @JsonProperty("length") long length, @JsonProperty("modified") long modified, @JsonProperty("part") String part) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The same within a part. */
    Provenance in(String file) {
        return new Provenance(translation, source, length, modified, file);
    }

    /** Whether what was made is what is wanted, wherever it lies. */
    boolean isMadeAs(Provenance made) {
        return made != null && in(made.part()).equals(made);
    }

    /** The file that holds the translation, relative to the output. */
    String file() {
        return part == null ? translation : part;
    }

    /** One line of JSON, without the line's end. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and numbers are always JSON", e);
        }
    }
}
