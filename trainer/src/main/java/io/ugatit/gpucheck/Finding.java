package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One thing that a stage found: a line of the table.
 *
 * @param what was looked at
 * @param figure what was found, for people
 * @param passed whether that is as it must be
 * @param values the same for programs
 */
public record Finding(String what, String figure, boolean passed, ObjectNode values) {

    /** With nothing more for programs than for people. */
    static Finding of(String what, String figure, boolean passed) {
        return new Finding(what, figure, passed, JsonNodeFactory.instance.objectNode());
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("what", what).put("figure", figure).put("passed", passed);
        json.setAll(values);
        return json;
    }

    static Finding of(JsonNode json) {
        ObjectNode values = json.deepCopy();
        values.remove(List.of("what", "figure", "passed"));
        return new Finding(json.path("what").asText(), json.path("figure").asText(), json.path("passed").asBoolean(), values);
    }
}
