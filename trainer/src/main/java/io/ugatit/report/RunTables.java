package io.ugatit.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.RunFiles;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * The JSON files of a run that are shown as tables, nested names joined by dots, in the files' order.
 *
 * @param options {@code config.json}
 * @param evaluations for each file of {@code evaluation/}, by its name without the ending, its values
 * @param timings {@code timings.json}: seconds; empty if there is none
 */
record RunTables(Map<String, String> options, Map<String, Map<String, String>> evaluations, Map<String, Double> timings) {
    private static final int MOST_BYTES = 1 << 20;
    /** More columns can no longer be compared by eye; the names end in steps or dates, so the last are the newest. */
    private static final int MOST_EVALUATIONS = 20;
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    /** @throws InvalidRequestException if a file is too large or is not a JSON object; the message names it */
    static RunTables read(RunDirectory run) throws IOException {
        Map<String, Map<String, String>> evaluations = new LinkedHashMap<>();
        List<Path> files = RunFiles.list(run.configuration(), run.evaluation(), ".json");
        for (Path path : files.subList(Math.max(0, files.size() - MOST_EVALUATIONS), files.size())) {
            evaluations.put(path.getName().replaceFirst("\\.json$", ""), flatten(object(run, path)));
        }
        return new RunTables(flatten(run.readConfig()), evaluations, timings(run));
    }

    /** An option's value by its name in any spelling ({@code res-blocks}, {@code resBlocks}) and at any depth. */
    Optional<String> option(String name) {
        return options.entrySet().stream()
                .filter(entry -> plain(entry.getKey().substring(entry.getKey().lastIndexOf('.') + 1)).equals(plain(name)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** As {@link #option}, where the value is a whole number above 0. */
    Optional<Long> wholeOption(String name) {
        return option(name).filter(value -> value.matches("[1-9][0-9]{0,17}")).map(Long::valueOf);
    }

    private static String plain(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    private static Map<String, Double> timings(RunDirectory run) throws IOException {
        Map<String, Double> timings = new LinkedHashMap<>();
        Path path = new Path(run.path(), "timings.json");
        if (RunFiles.exists(run.configuration(), path)) {
            for (Map.Entry<String, JsonNode> field : object(run, path).properties()) {
                if (!field.getValue().isNumber() || !(field.getValue().doubleValue() >= 0)) {
                    throw new InvalidRequestException(
                            path + " is damaged: " + field.getKey() + " is " + field.getValue() + "; it must be a number of seconds");
                }
                timings.put(field.getKey(), field.getValue().doubleValue());
            }
        }
        return timings;
    }

    private static JsonNode object(RunDirectory run, Path path) throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(RunFiles.read(run.configuration(), path, MOST_BYTES));
        } catch (JacksonException e) {
            throw new InvalidRequestException(path + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!node.isObject()) {
            throw new InvalidRequestException(path + " must hold one JSON object");
        }
        return node;
    }

    private static Map<String, String> flatten(JsonNode object) {
        Map<String, String> flat = new LinkedHashMap<>();
        flatten("", object, flat);
        return flat;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> flat) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = prefix + field.getKey();
            if (field.getValue().isObject()) {
                flatten(name + ".", field.getValue(), flat);
            } else {
                flat.put(name, text(field.getValue()));
            }
        }
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(item.isContainerNode() ? item.toString() : text(item)));
            return String.join(", ", items);
        }
        return value.isNull() ? "none" : value.asText();
    }
}
