package io.ugatit.translate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A file that did not become a translation: a line of {@code rejected.jsonl}.
 *
 * @param source the file's path relative to the input
 * @param kind why, in one word
 * @param reason why, in one line
 */
record LeftOut(@JsonProperty("source") String source, @JsonProperty("kind") Kind kind, @JsonProperty("reason") String reason) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why a file was left out. */
    enum Kind {
        /** It looks like an image by its name or first bytes, but could not be decoded or translated. */
        @JsonProperty("rejected")
        REJECTED,
        /** Neither its name nor its first bytes are those of an image. */
        @JsonProperty("not-an-image")
        NOT_AN_IMAGE
    }

    /** One line of JSON, without the line's end. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("three words are always JSON", e);
        }
    }

    /** What {@link #toJson} wrote. */
    static LeftOut parse(String line) {
        try {
            return JSON.readValue(line, LeftOut.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a task sent no JSON: " + line, e);
        }
    }
}
