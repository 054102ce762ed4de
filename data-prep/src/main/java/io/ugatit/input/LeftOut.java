package io.ugatit.input;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.Untrusted;
import java.io.Serializable;
import java.util.Locale;

/**
 * A file or folder of the input that was not used: a line of a {@link LeftOutList}.
 *
 * @param source its path relative to the input, with {@code /} between names
 * @param kind why, in one word
 * @param reason why, in one line
 */
public record LeftOut(@JsonProperty("source") String source, @JsonProperty("kind") Kind kind, @JsonProperty("reason") String reason)
        implements Serializable {
    /** The reason of a reject that this user may not read. */
    public static final String NO_PERMISSION = "no permission to read it";

    /** Two names of the longest kind. */
    private static final int LONGEST_SOURCE = 10_000;
    private static final int LONGEST_REASON = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Cuts off what is longer than a name or a reason can be, as a table may have it. */
    public LeftOut {
        source = cut(source, LONGEST_SOURCE);
        reason = cut(reason, LONGEST_REASON);
    }

    private static String cut(String text, int longest) {
        return text == null || text.length() <= longest ? text : text.substring(0, longest) + "...";
    }

    /** Why something was left out. */
    public enum Kind {
        /** It may be an image, by its name or first bytes, but could not be used; counts towards --max-rejects. */
        @JsonProperty("rejected")
        REJECTED,
        /** Neither its name nor its first bytes are those of an image: a note, a list, a thumbnail database. */
        @JsonProperty("not-an-image")
        NOT_AN_IMAGE,
        /** An earlier file of the same folder has the same bytes. */
        @JsonProperty("duplicate")
        DUPLICATE,
        /** An image to train on that is among those to judge by too, byte for byte. */
        @JsonProperty("leak")
        LEAK,
        /** An image to train on that looks like one of those to judge by. */
        @JsonProperty("near-duplicate")
        NEAR_DUPLICATE,
        /** A file or folder whose name begins with a dot, or a marker of Hadoop or Spark. */
        @JsonProperty("hidden")
        HIDDEN,
        /** A link that leads nowhere, or to a folder that is read under another name. */
        @JsonProperty("link")
        LINK,
        /** A pipe, a socket or a device. */
        @JsonProperty("no-regular-file")
        NO_REGULAR_FILE;

        /** As people read it, such as {@code not an image}. */
        public String inWords() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** One line of JSON, without the line's end. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("three words are always JSON", e);
        }
    }

    /** The same under another name. */
    public LeftOut as(String name) {
        return new LeftOut(name, kind, reason);
    }

    /** For messages, in one line: the source and, in parentheses, the reason. */
    @Override
    public String toString() {
        return Untrusted.printable(source + " (" + reason + ")"); // names may have newlines
    }
}
