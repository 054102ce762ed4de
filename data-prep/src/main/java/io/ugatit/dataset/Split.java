package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What images are for. */
public enum Split {
    /** To learn from; stored at the load size, from which training crops. */
    @JsonProperty("train")
    TRAIN,
    /** To judge by; stored at the size of the model. */
    @JsonProperty("test")
    TEST;

    /** The name in folders and messages: {@code train} or {@code test}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
