package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What came of the check.
 *
 * @param machine what was checked: date, versions, GPU
 * @param stages one report a stage
 */
public record GpuCheckResult(ObjectNode machine, List<StageReport> stages) {

    /** Whether all stages passed. */
    public boolean passed() {
        return stages.stream().allMatch(StageReport::passed);
    }

    /** The words of the stages that failed, with commas between them. */
    public String failed() {
        return stages.stream().filter(stage -> !stage.passed()).map(stage -> stage.stage().word()).collect(Collectors.joining(", "));
    }

    /** Everything as one JSON object. */
    public ObjectNode toJson() {
        ObjectNode json = machine.deepCopy();
        json.put("passed", passed());
        stages.forEach(stage -> json.withArray("stages").add(stage.toJson()));
        return json;
    }

    /** Everything as a table in Markdown, one line after the other. */
    public List<String> table() {
        List<String> lines = new ArrayList<>(List.of("| Stage | What | Found | |", "|---|---|---|---|"));
        for (StageReport report : stages) {
            String stage = report.stage().word();
            report.findings().forEach(finding -> lines.add(row(stage, finding.what(), finding.figure(), finding.passed() ? "" : "FAILED")));
            String end = report.problem() == null ? report.findings().isEmpty() ? "found nothing" : "all of it" : report.problem();
            lines.add(row(stage, end, String.format(Locale.ROOT, "%.1f s", report.seconds()), report.passed() ? "passed" : "FAILED"));
        }
        return lines;
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
