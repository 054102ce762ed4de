package io.ugatit.report.sample;

/** The two ways to translate, as files and people name them. */
public enum Direction {
    /** The generator that makes images of domain B. */
    A2B("a2b", "A to B"),
    /** The generator that makes images of domain A. */
    B2A("b2a", "B to A");

    private final String key;
    private final String label;

    Direction(String key, String label) {
        this.key = key;
        this.label = label;
    }

    /** As in file names and JSON. */
    public String key() {
        return key;
    }

    /** As people read it. */
    public String label() {
        return label;
    }
}
