package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What images are for. */
public enum Split {
    /** To learn from; stored at the load size, from which training crops. */
    @JsonProperty("train")
    TRAIN("train"),
    /** To judge by; stored at the size of the model. */
    @JsonProperty("test")
    TEST("test");

    private final String label;

    Split(String label) {
        this.label = label;
    }

    /** The name in folders and messages: {@code train} or {@code test}. */
    public String label() {
        return label;
    }
}
