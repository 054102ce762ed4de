package io.ugatit.translate.output;

import io.ugatit.input.InputFile;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/** What an {@link OutputFolder} holds, as {@link OutputFolder#look} has found it. */
public final class PresentTranslations {
    private final OutputFolder output;
    private final OutputListing listing;
    private final LoggedTranslations logged;
    private final Map<String, Provenance> overwritten;

    /** @param overwritten what is logged of translations that do not count, since they are to be made again */
    PresentTranslations(OutputFolder output, OutputListing listing, LoggedTranslations logged, Map<String, Provenance> overwritten) {
        this.output = output;
        this.listing = listing;
        this.logged = logged;
        this.overwritten = Collections.unmodifiableMap(overwritten);
    }

    /** Where they are. */
    public Path path() {
        return output.folder().path();
    }

    /** The images that there are translations of, as they were when they were translated. */
    public Stream<InputFile> translated() {
        return logged.translations().values().stream().map(made -> new InputFile(made.source(), made.length(), made.modified()));
    }

    /**
     * Says what is still to be made, without changing anything.
     *
     * @param planned every translation of every image that is there now
     */
    public MissingTranslations missing(List<PlannedImage> planned) {
        return MissingTranslations.of(this, planned);
    }

    OutputFolder output() {
        return output;
    }

    OutputListing listing() {
        return listing;
    }

    LoggedTranslations logged() {
        return logged;
    }

    Map<String, Provenance> overwritten() {
        return overwritten;
    }
}
