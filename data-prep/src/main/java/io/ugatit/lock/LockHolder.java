package io.ugatit.lock;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.job.Host;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Who holds a lock, as the lock says.
 *
 * @param job the command, in one word
 * @param host the machine's name, for people: two may have the same
 * @param process the process, for programs
 * @param application Spark's identifier of the application; empty if there is none
 * @param began when the lock was taken, by the holder's clock, for people
 */
record LockHolder(
        @JsonProperty("job") String job,
        @JsonProperty("host") String host,
        @JsonProperty("process") ProcessStamp process,
        @JsonProperty("application") String application,
        @JsonProperty("began") String began) {
    /** A lock that is longer was not written by this program. */
    static final int MAX_BYTES = 1 << 14;

    private static final int MAX_WORD = 255;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** @throws IllegalArgumentException if something is missing */
    LockHolder {
        if (job == null || host == null || process == null || application == null || began == null) {
            throw new IllegalArgumentException("a holder has a job, a host, a process, an application and a time");
        }
    }

    /** This process as a holder from now on. */
    static LockHolder now(String job, ProcessStamp self, String application) {
        return new LockHolder(job, Host.name(), self, application, TIME.format(Instant.now()));
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and numbers are always JSON", e);
        }
    }

    /** What {@link #toJson} wrote; empty if that is not what the bytes are. */
    static Optional<LockHolder> parse(byte[] json) {
        try {
            return Optional.ofNullable(JSON.readValue(json, LockHolder.class));
        } catch (IOException e) {
            return Optional.empty(); // cut short or of another make: nothing to be told of the holder
        }
    }

    /** For a message: "the prep job that process 4711 on host h1 (application local-123, user u) began at 2026-11-27 10:00:00 UTC". */
    String describe() {
        return "the " + word(job) + " job that process " + process.pid() + " on host " + word(host) + " ("
                + (application.isEmpty() ? "" : "application " + word(application) + ", ") + "user " + word(process.user()) + ") began at "
                + word(began);
    }

    /** Anyone may have written the file: nothing in it breaks the line or fills the screen. */
    private static String word(String value) {
        return value.substring(0, Math.min(value.length(), MAX_WORD)).replaceAll("\\p{Cntrl}", "?");
    }
}
