package io.ugatit.retrain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A promotion that somebody took back, as {@code WORKSPACE/rollbacks/NNNN.json} keeps it.
 *
 * @param from name of the run that was promoted; null if none was
 * @param to name of the run that is promoted since
 * @param after number of the newest cycle then, which orders them whatever clocks say
 * @param at when, by the clock of the driver, ISO 8601 in UTC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Rollback(
        @JsonProperty("from") String from,
        @JsonProperty(value = "to", required = true) String to,
        @JsonProperty(value = "after", required = true) int after,
        @JsonProperty(value = "at", required = true) String at) {

    /** @throws IllegalArgumentException if the run or the time is missing, as in a damaged file */
    Rollback {
        if (to == null || at == null) {
            throw new IllegalArgumentException("a rollback has a run and a time");
        }
    }
}
