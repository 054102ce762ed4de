package io.ugatit.retrain;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.job.Untrusted;
import io.ugatit.report.markup.ValueTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@link HistoryJob} has found. */
public final class HistoryResult {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> HEADINGS = List.of("cycle", "night", "images", "from", "KID", "KID of from", "outcome", "why");
    /** The column of the hash of a cycle's images. */
    static final int IMAGES = HEADINGS.indexOf("images");
    private static final int HASH_DIGITS = 8;
    /** Nights without a cycle that are listed. */
    private static final int MOST_FAILURES = 5;

    private final Content content;

    HistoryResult(String workspace, String promoted, List<Cycle> cycles, List<Rollback> rollbacks, List<Night> nights) {
        this.content = new Content(workspace, promoted, cycles, rollbacks, nights);
    }

    /** All there is, as JSON has it. */
    private record Content(
            @JsonProperty("workspace") String workspace,
            @JsonProperty("promoted") String promoted,
            @JsonProperty("cycles") List<Cycle> cycles,
            @JsonProperty("rollbacks") List<Rollback> rollbacks,
            @JsonProperty("nights") List<Night> nights) {
    }

    /** The workspace's folder. */
    String workspace() {
        return content.workspace();
    }

    /** In the order of their numbers. */
    List<Cycle> cycles() {
        return content.cycles();
    }

    /** In the order of their numbers, whatever clocks say. */
    List<Night> nights() {
        return content.nights();
    }

    /** Name of the promoted run; null if none is. */
    public String promoted() {
        return content.promoted();
    }

    /** For a terminal: a row for each cycle and each promotion that was taken back, oldest first; failed nights; what is promoted. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(table().lines());
        List<Night> failures = content.nights().stream().filter(night -> night.outcome().equals("failed")).toList();
        failures.stream().skip(Math.max(0, failures.size() - MOST_FAILURES))
                .forEach(night -> lines.add("the night of " + night.began() + " failed: " + Untrusted.printable(orEmpty(night.reason()))));
        lines.add(content.promoted() == null ? "no run is promoted" : "promoted: run " + content.promoted());
        return lines;
    }

    /** The rows of {@link #lines}. */
    public ValueTable table() {
        List<List<String>> rows = new ArrayList<>();
        add(rows, 0);
        for (Cycle cycle : content.cycles()) {
            rows.add(List.of(cycle.name(), night(cycle), cycle.dataset().substring(0, Math.min(HASH_DIGITS, cycle.dataset().length())),
                    orEmpty(cycle.start()), figure(cycle.kid()), figure(cycle.startKid()),
                    outcome(cycle), orEmpty(cycle.reason())));
            add(rows, cycle.number());
        }
        return new ValueTable(HEADINGS, rows);
    }

    /** In a word. */
    static String outcome(Cycle cycle) {
        return cycle.outcome() == null ? "unfinished" : cycle.outcome().name().toLowerCase(Locale.ROOT);
    }

    private void add(List<List<String>> rows, int after) {
        content.rollbacks().stream().filter(rollback -> rollback.after() == after).forEach(rollback -> rows.add(List.of("", rollback.at(), "", "",
                "", "", "rolled back", "run " + rollback.to() + " was promoted in the place of " + (rollback.from() == null ? "none"
                : "run " + rollback.from()) + " by hand")));
    }

    /** When the night began that ended a cycle, or came to it last; empty in workspaces of versions that wrote down no nights. */
    private String night(Cycle cycle) {
        return content.nights().stream().filter(night -> cycle.name().equals(night.cycle())).map(Night::began)
                .reduce("", (earlier, later) -> later);
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }

    private static String figure(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.5f", value);
    }

    /** Everything in one line: {@code workspace}, {@code promoted}, {@code cycles}, {@code rollbacks}, {@code nights}, each as its file has it. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and numbers are always JSON", e);
        }
    }
}
