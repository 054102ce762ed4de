package io.ugatit.translate.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.input.FolderContents;
import io.ugatit.input.LeftOut;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * The folder of the translations. A hidden record says what they were made with, and names the {@link ProvenanceLog} that says what of: a
 * translation that is there and logged need not be made again as long as its source is the one that is logged. So a job that was killed can
 * go on, and an image that was replaced is translated again.
 *
 * <p>Before there were logs, translations were those files that are at least as new as the record; of such a folder those that are at least
 * as new as their sources count.
 */
final class OutputFolder {
    /** Says what the translations were made with; hidden, so no job takes it for an image. */
    static final String RECORD = "_translation.json";
    /** In the record: the folder of the log. */
    static final String SOURCES = "sources";
    /** In the record: how translations get their size. */
    static final String SHAPE = "shape";
    /** In the record: what becomes of transparency. */
    static final String ALPHA = "alpha";
    /** What records say that were written before there was a choice. */
    private static final Map<String, String> UNSAID = Map.of(SHAPE, ShapeOptions.NETWORK_SIZE, ALPHA, ShapeOptions.DROP);
    static final int MAX_RECORD_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Folder folder;
    private final ObjectNode record;
    private final List<Path> unfinished = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();
    private final Map<String, Provenance> kept = new LinkedHashMap<>();
    private boolean complete;
    private Optional<ProvenanceLog> log = Optional.empty();
    private long replaced;
    private long orphans;

    /** @param record what the translations are made with now */
    OutputFolder(Folder folder, ObjectNode record) {
        this.folder = folder;
        this.record = record;
    }

    /**
     * Looks at what is there, without changing anything.
     *
     * @param planned every translation of every image that is there now
     * @param overwrite whether what is there does not count
     * @return those that are still to be made
     * @throws InvalidRequestException if the folder holds something else, or translations made with something else
     * @throws IOException if the file system fails
     */
    List<Provenance> missing(List<Provenance> planned, boolean overwrite) throws IOException {
        Map<String, Long> present = present();
        if (overwrite || present.isEmpty() && !folder.fileSystem().exists(folder.file(RECORD))) {
            return planned;
        }
        JsonNode before = requireSame();
        log = before.has(SOURCES) ? Optional.of(ProvenanceLog.named(folder, before.get(SOURCES).asText())) : Optional.empty();
        Map<String, Provenance> logged = log.isPresent() ? log.get().read() : byTimes(planned, present);
        logged.keySet().retainAll(present.keySet());
        List<Provenance> missing = new ArrayList<>();
        for (Provenance wanted : planned) {
            Provenance made = logged.remove(wanted.translation());
            if (wanted.equals(made)) {
                kept.put(wanted.translation(), wanted);
            } else {
                missing.add(wanted);
                replaced += made == null ? 0 : 1;
            }
        }
        orphans = logged.size();
        kept.putAll(logged);
        complete = missing.isEmpty();
        return missing;
    }

    /** Where it is. */
    Path path() {
        return folder.path();
    }

    /** How many of the translations that are to be made again were of another version of their image. */
    long replaced() {
        return replaced;
    }

    /** How many translations are of images that are no longer there; they stay. */
    long orphans() {
        return orphans;
    }

    /** The times of the files that are there; takes note of what killed tasks and earlier jobs left. */
    private Map<String, Long> present() throws IOException {
        Map<String, Long> present = new HashMap<>();
        FolderContents contents;
        try {
            contents = folder.list();
        } catch (FileNotFoundException e) {
            return present; // nothing has been translated yet
        }
        for (LeftOut leftOut : contents.leftOut()) {
            Path path = folder.file(leftOut.source());
            if (path.getName().startsWith(Publishing.TEMPORARY_PREFIX)) {
                unfinished.add(path);
            } else if (leftOut.source().startsWith(ProvenanceLog.PREFIX)) {
                logs.add(path);
            }
        }
        contents.files().forEach(file -> present.put(file.path(), file.modified()));
        return present;
    }

    private Map<String, Provenance> byTimes(List<Provenance> planned, Map<String, Long> present) throws IOException {
        long since = folder.fileSystem().getFileStatus(folder.file(RECORD)).getModificationTime();
        Map<String, Provenance> made = new HashMap<>();
        for (Provenance wanted : planned) {
            if (present.getOrDefault(wanted.translation(), -1L) >= Math.max(since, wanted.modified())) {
                made.put(wanted.translation(), wanted);
            }
        }
        return made;
    }

    private JsonNode requireSame() throws IOException {
        JsonNode before;
        try {
            before = JSON.readTree(Publishing.read(folder.configuration(), folder.file(RECORD), MAX_RECORD_BYTES));
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException("--output is " + folder.path()
                    + ": holds files that are no translations; choose another --output, or --overwrite to write among them", e);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException("--output is " + folder.path() + ": " + RECORD
                    + " is damaged; choose another --output, or --overwrite to translate all again", e);
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = record.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            String made = before.path(field.getKey()).asText(UNSAID.getOrDefault(field.getKey(), ""));
            if (!field.getValue().asText().equals(made)) {
                throw new InvalidRequestException("--output is " + folder.path() + ": its translations were made with " + field.getKey() + " "
                        + made + ", not " + field.getValue().asText()
                        + "; choose another --output, or --overwrite to translate all again");
            }
        }
        return before;
    }

    /**
     * Deletes what killed tasks left, and begins a log with the translations that count, unless all of them do. From one moment on the record
     * names the new log in place of the old: what is to be made again counts no more, even if the job is killed before it is made.
     *
     * @return the log
     * @throws IOException if the file system fails
     */
    ProvenanceLog begin() throws IOException {
        for (Path path : unfinished) {
            folder.fileSystem().delete(path, true);
        }
        if (!complete || log.isEmpty()) {
            log = Optional.of(ProvenanceLog.fresh(folder));
            log.get().keep(kept.values());
            ObjectNode whole = record.deepCopy().put(SOURCES, log.get().name());
            Publishing.write(folder.configuration(), folder.file(RECORD), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole));
        }
        for (Path old : logs) {
            if (!old.getName().equals(log.get().name())) {
                folder.fileSystem().delete(old, true);
            }
        }
        return log.get();
    }

    /**
     * Publishes the list of files that did not become a translation, in place of one that is there.
     *
     * @throws IOException if the file system fails
     */
    void publishRejected(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        Publishing.write(folder.configuration(), folder.file(LeftOutList.FILE), text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
