package io.ugatit.translate.output;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of the translations that count in a folder.
 *
 * @param log says what they are of; none if no translation counts, or the folder is of before there were logs
 * @param translations those of the log that are there, by their names
 * @param recorded in a folder of before there were logs: when its record was written, in milliseconds since 1970
 */
record LoggedTranslations(Optional<ProvenanceLog> log, Map<String, Provenance> translations, OptionalLong recorded) {
    /** Of a folder whose translations do not count, or that has none. */
    static final LoggedTranslations NONE = new LoggedTranslations(Optional.empty(), Map.of(), OptionalLong.empty());

    LoggedTranslations {
        translations = Collections.unmodifiableMap(translations);
    }

    static LoggedTranslations in(ProvenanceLog log, Map<String, Provenance> translations) {
        return new LoggedTranslations(Optional.of(log), translations, OptionalLong.empty());
    }

    static LoggedTranslations beforeLogs(long recorded) {
        return new LoggedTranslations(Optional.empty(), Map.of(), OptionalLong.of(recorded));
    }

    /**
     * Those that count, by their names: the logged ones or, of before there were logs, what is as new as it must be.
     *
     * @param planned every translation of every image that is there now
     * @return a map of the caller's own
     */
    Map<String, Provenance> counting(OutputListing listing, List<PlannedImage> planned) {
        Map<String, Provenance> counting = new HashMap<>(translations);
        if (recorded.isPresent()) {
            for (PlannedImage wanted : planned) {
                long written = listing.files().getOrDefault(wanted.translation(), -1L);
                if (written >= Math.max(recorded.getAsLong(), wanted.image().modified())) {
                    counting.put(wanted.translation(), wanted.provenance());
                }
            }
        }
        return counting;
    }
}
