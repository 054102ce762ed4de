package io.ugatit.report.sample;

/** The two ways to translate, as files and people name them. */
enum Direction {
    A2B("a2b", "A to B"),
    B2A("b2a", "B to A");

    private final String key;
    private final String label;

    Direction(String key, String label) {
        this.key = key;
        this.label = label;
    }

    /** As in file names and JSON. */
    String key() {
        return key;
    }

    /** As people read it. */
    String label() {
        return label;
    }
}
