package io.ugatit.retrain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.job.FileFailure;
import io.ugatit.job.Host;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What one start of {@code retrain} came to: {@code WORKSPACE/nights/NNNN.json}, and what is sent to those who want to be told.
 *
 * @param outcome {@code promoted}, {@code kept}, {@code nothing_new} or {@code failed}
 * @param cycle name of the cycle; null without one
 * @param promoted path of the run that is promoted now; null if none is, and if it failed
 * @param kid mean KID of the new run; null without a verdict
 * @param startKid mean KID of the run that it began with; null without a verdict, and in a first cycle
 * @param reason why, in one line
 * @param began when, by the clock of the driver, ISO 8601 in UTC
 * @param seconds how long it took
 * @param host the driver's name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Night(
        @JsonProperty(value = "outcome", required = true) String outcome,
        @JsonProperty("cycle") String cycle,
        @JsonProperty("promoted") String promoted,
        @JsonProperty("kid") Double kid,
        @JsonProperty("start_kid") Double startKid,
        @JsonProperty("reason") String reason,
        @JsonProperty(value = "began", required = true) String began,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("host") String host) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @throws IllegalArgumentException if there is no outcome or time, as in a damaged file */
    Night {
        if (outcome == null || began == null) {
            throw new IllegalArgumentException("a night has an outcome and a time");
        }
    }

    /** @param now by the clock of the driver */
    static Night of(RetrainResult result, Instant now) {
        return new Night(result.outcome().name().toLowerCase(Locale.ROOT), result.cycle(), result.promoted(), result.kid(), result.startKid(),
                result.reason(), began(now, result.seconds()), result.seconds(), Host.name());
    }

    /**
     * A night that came to nothing.
     *
     * @param cycle name of the cycle that it worked at; null if at none
     * @param now by the clock of the driver
     */
    static Night failed(Throwable failure, String cycle, double seconds, Instant now) {
        return new Night("failed", cycle, null, null, null, FileFailure.reason(failure), began(now, seconds), seconds, Host.name());
    }

    private static String began(Instant now, double seconds) {
        return now.minusMillis(Math.round(1000 * seconds)).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** In one line. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and numbers are always JSON", e);
        }
    }
}
