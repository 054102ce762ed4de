package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What came of a stage.
 *
 * @param stage which
 * @param findings in the order in which they were made
 * @param problem why it could not go on, as one line; null if it came to its end
 * @param seconds that it took
 */
public record StageReport(Stage stage, List<Finding> findings, String problem, double seconds) {

    /** Whether it came to its end and all it found is as it must be. */
    public boolean passed() {
        return problem == null && !findings.isEmpty() && findings.stream().allMatch(Finding::passed);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("stage", stage.word()).put("passed", passed())
                .put("seconds", Math.round(seconds * 10) / 10.0);
        if (problem != null) {
            json.put("problem", problem);
        }
        findings.forEach(finding -> json.withArray("findings").add(finding.toJson()));
        return json;
    }
}
