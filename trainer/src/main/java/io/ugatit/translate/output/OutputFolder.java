package io.ugatit.translate.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of the translations. Its {@link TranslationRecord} says what they were made with, and names the {@link ProvenanceLog} that
 * says what of: a translation that is there and logged need not be made again as long as its source is the one that is logged. So a job
 * that was killed can go on, and an image that was replaced is translated again. A job looks at what is there, compares that with what it
 * is to make, and begins what is missing.
 *
 * <p>Before there were logs, translations were those files that are at least as new as the record; of such a folder those that are at least
 * as new as their sources count.
 */
public final class OutputFolder {
    private final Folder folder;
    private final OutputKind kind;
    private final TranslationRecord record;

    /**
     * A folder that may be there.
     *
     * @param folder where it is
     * @param kind what translations are kept in
     * @param made what they are made with now, but for their kind
     */
    public OutputFolder(Folder folder, OutputKind kind, ObjectNode made) {
        this.folder = folder;
        this.kind = kind;
        this.record = new TranslationRecord(folder, kind, made);
    }

    /**
     * Looks at what is there, without changing anything.
     *
     * @param overwrite whether what is there does not count
     * @throws InvalidRequestException if the folder holds something else, or translations made with something else
     * @throws IOException if the file system fails
     */
    public PresentTranslations look(boolean overwrite) throws IOException {
        OutputListing listing = OutputListing.of(folder);
        if (overwrite) {
            return new PresentTranslations(this, listing, LoggedTranslations.NONE, kind == OutputKind.FILES ? earlier() : Map.of());
        }
        if (listing.files().isEmpty() && !folder.fileSystem().exists(folder.file(TranslationRecord.FILE))) {
            return new PresentTranslations(this, listing, LoggedTranslations.NONE, Map.of());
        }
        Optional<ProvenanceLog> log = record.log(record.requireSame());
        if (log.isEmpty()) {
            long recorded = folder.fileSystem().getFileStatus(folder.file(TranslationRecord.FILE)).getModificationTime();
            return new PresentTranslations(this, listing, LoggedTranslations.beforeLogs(recorded), Map.of());
        }
        Map<String, Provenance> logged = log.get().read();
        OutputListing whole = listing.withUnlisted(folder, logged.values());
        logged.values().removeIf(made -> !whole.has(made));
        return new PresentTranslations(this, whole, LoggedTranslations.in(log.get(), logged), Map.of());
    }

    /** What is logged of translations that are to be overwritten; nothing of a folder whose record or log does not say. */
    private Map<String, Provenance> earlier() throws IOException {
        try {
            Optional<ProvenanceLog> log = record.log(TranslationRecord.read(folder));
            return log.isPresent() ? log.get().read() : Map.of();
        } catch (FileNotFoundException | JsonProcessingException | InvalidRequestException e) {
            return Map.of();
        }
    }

    Folder folder() {
        return folder;
    }

    OutputKind kind() {
        return kind;
    }

    /** What is written once a job begins. */
    TranslationRecord record() {
        return record;
    }
}
