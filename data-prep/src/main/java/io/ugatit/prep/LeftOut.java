package io.ugatit.prep;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;

/**
 * A file that did not become an image of the dataset: a line of {@code rejected.jsonl}.
 *
 * @param file the file
 * @param kind why, in one word
 * @param reason why, in one line
 */
@JsonPropertyOrder({"source", "kind", "reason"})
record LeftOut(@JsonIgnore SourceFile file, Kind kind, String reason) implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why a file was left out. */
    enum Kind {
        /** It looks like an image by its name or first bytes, but could not be decoded; counts towards --max-rejects. */
        @JsonProperty("rejected")
        REJECTED,
        /** Neither its name nor its first bytes are those of an image: a note, a list, a thumbnail database. */
        @JsonProperty("not-an-image")
        NOT_AN_IMAGE,
        /** An earlier file of the same folder has the same bytes. */
        @JsonProperty("duplicate")
        DUPLICATE
    }

    /** The file's path relative to the input. */
    @JsonProperty
    String source() {
        return file.name();
    }

    /** One line of JSON, without the line's end. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
