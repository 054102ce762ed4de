package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How the pixels of a dataset are stored. */
public enum Store {
    /** As they are, three bytes a pixel; the shard compresses them. */
    @JsonProperty("raw")
    RAW;

    /** The name in options, manifests and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
