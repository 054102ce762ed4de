package io.ugatit.retrain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything asked for that decides what a cycle ends in, by the conf's keys ({@code train.lr}), defaults included, and the checkpoint that
 * it starts from.
 *
 * @param values in the order of their keys
 */
record CycleOptions(@JsonValue Map<String, String> values) {
    static final String EXTRACTOR = "extractor";
    static final String TOLERANCE = "tolerance";
    /** Of the promoted run, from which the cycle's own starts; not in records of versions that did not keep it. */
    static final String CHECKPOINT = "checkpoint";
    /** With others of these a training that has begun can go on: they decide the verdict, when it ends, or what it has behind it. */
    private static final Set<String> NOT_OF_THE_TRAINING = Set.of(EXTRACTOR, TOLERANCE, "train.hours", CHECKPOINT);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    CycleOptions {
        values = new TreeMap<>(values);
    }

    /**
     * What is another now than it was, in words; empty if nothing is. An option that only one of the two knows is of another version of the
     * program, and no change.
     */
    String changesSince(CycleOptions before) {
        return values.entrySet().stream()
                .filter(option -> before.values.containsKey(option.getKey()))
                .filter(option -> !before.values.get(option.getKey()).equals(option.getValue()))
                .map(option -> option.getKey() + " is " + option.getValue() + ", was " + before.values.get(option.getKey()))
                .collect(Collectors.joining("; "));
    }

    /** These, with another value of one. */
    CycleOptions with(String key, String value) {
        Map<String, String> others = new TreeMap<>(values);
        others.put(key, value);
        return new CycleOptions(others);
    }

    /** All but one. */
    CycleOptions without(String key) {
        Map<String, String> others = new TreeMap<>(values);
        others.remove(key);
        return new CycleOptions(others);
    }

    /** Those that decide the run: a training that has begun cannot go on with others. */
    CycleOptions ofTheRun() {
        return new CycleOptions(values.entrySet().stream().filter(option -> !NOT_OF_THE_TRAINING.contains(option.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
