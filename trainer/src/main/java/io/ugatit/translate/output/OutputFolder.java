package io.ugatit.translate.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import io.ugatit.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;

/**
 * The folder of the translations. A hidden record says what they were made with, and names the {@link ProvenanceLog} that says what of: a
 * translation that is there and logged need not be made again as long as its source is the one that is logged. So a job that was killed can
 * go on, and an image that was replaced is translated again.
 *
 * <p>Before there were logs, translations were those files that are at least as new as the record; of such a folder those that are at least
 * as new as their sources count.
 */
public final class OutputFolder {
    /** Says what the translations were made with; hidden, so no job takes it for an image. */
    public static final String RECORD = "_translation.json";
    /** In the record: the folder of the log. */
    public static final String SOURCES = "sources";
    /** In the record: how translations get their size. */
    public static final String SHAPE = "shape";
    /** {@link #SHAPE} of translations that have the network's size. */
    public static final String NETWORK_SIZE = "network's size";
    /** In the record: what becomes of transparency. */
    public static final String ALPHA = "alpha";
    /** {@link #ALPHA} of translations whose images' transparency is put on white. */
    public static final String DROP = "drop";
    /** In the record: whether images' metadata is kept. */
    public static final String METADATA = "metadata";
    /** In the record: what the convolutions are computed in, where there is a choice. */
    public static final String PRECISION = "precision";
    /** {@link #PRECISION} of single precision. */
    public static final String SINGLE = "fp32";
    /** In the record: what translations are kept in. */
    public static final String KIND = "output";
    /** The longest record that is read, in bytes. */
    public static final int MAX_RECORD_BYTES = 1 << 20;
    /** What records say that were written before there was a choice. */
    private static final Map<String, String> UNSAID = Map.of(SHAPE, NETWORK_SIZE, ALPHA, DROP, METADATA, "false", KIND,
            OutputKind.FILES.word(), PRECISION, SINGLE);
    /** The list of what was left out, where readers of Parquet do not see it. */
    private static final String HIDDEN_LIST = "_" + LeftOutList.FILE;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Folder folder;
    private final OutputKind kind;
    private final ObjectNode record;
    private Map<String, Long> present = Map.of();
    private Map<String, Provenance> logged = new HashMap<>();
    private boolean begun;
    private final List<Path> unfinished = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();
    private final Map<String, Provenance> kept = new LinkedHashMap<>();
    private List<String> misnamed = List.of();
    private boolean complete;
    private Optional<ProvenanceLog> log = Optional.empty();
    private long replaced;
    private long renamed;
    private Map<String, Provenance> overwritten = Map.of();
    private long leftOver;
    private long orphans;
    private long lost;

    /**
     * A folder that may be there.
     *
     * @param folder where it is
     * @param kind what translations are kept in
     * @param record what they are made with now
     */
    public OutputFolder(Folder folder, OutputKind kind, ObjectNode record) {
        this.folder = folder;
        this.kind = kind;
        this.record = record.deepCopy().put(KIND, kind.word());
    }

    /**
     * Looks at what is there, without changing anything.
     *
     * @param overwrite whether what is there does not count
     * @throws InvalidRequestException if the folder holds something else, or translations made with something else
     * @throws IOException if the file system fails
     */
    public void look(boolean overwrite) throws IOException {
        present = present();
        if (overwrite && kind == OutputKind.FILES) {
            overwritten = earlier();
        }
        begun = !overwrite && (!present.isEmpty() || folder.fileSystem().exists(folder.file(RECORD)));
        if (begun) {
            JsonNode before = requireSame();
            if (before.has(SOURCES)) {
                log = Optional.of(ProvenanceLog.named(folder, kind.option(), before.get(SOURCES).asText()));
                logged = log.get().read();
                addUnlisted();
                logged.values().removeIf(made -> !present.containsKey(made.file()));
            }
        }
    }

    /** What is logged of translations that are to be overwritten; nothing of a folder whose record or log does not say. */
    private Map<String, Provenance> earlier() throws IOException {
        try {
            JsonNode before = recorded();
            return before.has(SOURCES) ? ProvenanceLog.named(folder, kind.option(), before.get(SOURCES).asText()).read() : Map.of();
        } catch (FileNotFoundException | JsonProcessingException | InvalidRequestException e) {
            return Map.of();
        }
    }

    /** A store of objects may list late what is there. */
    private void addUnlisted() throws IOException {
        if (ObjectStore.is(folder.fileSystem())) {
            for (Provenance made : logged.values()) {
                if (!present.containsKey(made.file())) {
                    try {
                        present.put(made.file(), folder.fileSystem().getFileStatus(folder.file(made.file())).getModificationTime());
                    } catch (FileNotFoundException e) {
                        continue; // deleted
                    }
                }
            }
        }
    }

    /** The images that {@link #look} has found translations of, as they were when they were translated. */
    public Stream<InputFile> translated() {
        return logged.values().stream().map(made -> new InputFile(made.source(), made.length(), made.modified()));
    }

    /**
     * Says what is still to be made, after {@link #look}.
     *
     * @param planned every translation of every image that is there now
     * @throws IOException if the file system fails
     */
    public List<PlannedImage> missing(List<PlannedImage> planned) throws IOException {
        if (begun && log.isEmpty()) {
            logged = byTimes(planned);
        }
        removeReplaced(planned);
        List<PlannedImage> missing = new ArrayList<>();
        for (PlannedImage image : planned) {
            Provenance made = logged.remove(image.translation());
            if (image.provenance().isMadeAs(made)) {
                kept.put(image.translation(), made);
            } else {
                missing.add(image);
                replaced += made == null ? 0 : 1;
            }
        }
        takeRenamed(planned);
        if (!overwritten.isEmpty()) {
            Set<String> wanted = planned.stream().map(PlannedImage::translation).collect(Collectors.toSet());
            leftOver = overwritten.values().stream().filter(made -> present.containsKey(made.file()) && !wanted.contains(made.translation()))
                    .count();
        }
        orphans = logged.size();
        kept.putAll(logged);
        complete = begun && missing.isEmpty();
        return missing;
    }

    /** A file must not stay under a name that says it is of another image. */
    private void takeRenamed(List<PlannedImage> planned) {
        if (kind == OutputKind.FILES && !logged.isEmpty()) {
            Set<String> sources = new HashSet<>();
            Set<String> wanted = new HashSet<>();
            for (PlannedImage image : planned) {
                sources.add(image.image().path());
                wanted.addAll(List.of(image.translation(), Plan.heatmap(image.translation())));
            }
            List<String> old = logged.values().stream().filter(made -> sources.contains(made.source())).map(Provenance::translation).toList();
            logged.keySet().removeAll(old);
            renamed = old.size();
            Stream<String> heatmaps = record.path("heatmaps").asBoolean() ? old.stream().map(Plan::heatmap) : Stream.empty();
            misnamed = Stream.concat(old.stream(), heatmaps).filter(file -> !wanted.contains(file) && !logged.containsKey(file)).toList();
        }
    }

    /** Files of many that hold a translation of another version of an image count for nothing: nothing can be taken out of them. */
    private void removeReplaced(List<PlannedImage> planned) {
        if (kind == OutputKind.FILES) {
            return;
        }
        Map<String, Provenance> wanted = new HashMap<>();
        planned.forEach(image -> wanted.put(image.image().path(), image.provenance()));
        Set<String> spoiled = new HashSet<>();
        for (Provenance made : logged.values()) {
            if (wanted.containsKey(made.source()) && !wanted.get(made.source()).isMadeAs(made)) {
                spoiled.add(made.part());
                replaced++;
            }
        }
        lost = logged.values().stream().filter(made -> spoiled.contains(made.part()) && !wanted.containsKey(made.source())).count();
        logged.values().removeIf(made -> spoiled.contains(made.part()));
    }

    /** Where it is. */
    public Path path() {
        return folder.path();
    }

    /** How many of the translations that are to be made again were of another version of their image. */
    public long replaced() {
        return replaced;
    }

    /** How many translations of images that are not asked for are in parts that will be made again without them. */
    public long lost() {
        return lost;
    }

    /** How many translations have names that now are those of others; they are deleted, and made again under theirs. */
    public long renamed() {
        return renamed;
    }

    /** How many translations that were to be overwritten will not be, since their images are not there; they stay. */
    public long leftOver() {
        return leftOver;
    }

    /** How many translations are of images that are no longer there; they stay. */
    public long orphans() {
        return orphans;
    }

    /** The times of the files that are there; takes note of what killed tasks and earlier jobs left. */
    private Map<String, Long> present() throws IOException {
        FolderContents contents = contents();
        for (LeftOut leftOut : contents.leftOut()) {
            Path path = folder.file(leftOut.source());
            if (path.getName().startsWith(Publishing.TEMPORARY_PREFIX)) {
                unfinished.add(path);
            } else if (leftOut.source().startsWith(ProvenanceLog.PREFIX)) {
                logs.add(path);
            }
        }
        return times(contents);
    }

    private FolderContents contents() throws IOException {
        try {
            return folder.list();
        } catch (FileNotFoundException e) {
            return new FolderContents(List.of(), List.of()); // nothing has been translated yet
        }
    }

    private static Map<String, Long> times(FolderContents contents) {
        Map<String, Long> times = new HashMap<>();
        contents.files().forEach(file -> times.put(file.path(), file.modified()));
        return times;
    }

    private Map<String, Provenance> byTimes(List<PlannedImage> planned) throws IOException {
        long since = folder.fileSystem().getFileStatus(folder.file(RECORD)).getModificationTime();
        Map<String, Provenance> made = new HashMap<>();
        for (PlannedImage wanted : planned) {
            if (present.getOrDefault(wanted.translation(), -1L) >= Math.max(since, wanted.image().modified())) {
                made.put(wanted.translation(), wanted.provenance());
            }
        }
        return made;
    }

    private JsonNode recorded() throws IOException {
        return JSON.readTree(Publishing.read(folder.configuration(), folder.file(RECORD), MAX_RECORD_BYTES));
    }

    private JsonNode requireSame() throws IOException {
        JsonNode before;
        try {
            before = recorded();
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(kind.option() + " is " + folder.path()
                    + ": holds files that are no translations; choose another " + kind.option() + ", or --overwrite to write among them", e);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(kind.option() + " is " + folder.path() + ": " + RECORD
                    + " is damaged; choose another " + kind.option() + ", or --overwrite to translate all again", e);
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = record.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            String made = before.path(field.getKey()).asText(UNSAID.getOrDefault(field.getKey(), ""));
            if (!field.getValue().asText().equals(made)) {
                throw new InvalidRequestException(kind.option() + " is " + folder.path() + ": its translations were made with " + field.getKey() + " "
                        + made + ", not " + field.getValue().asText()
                        + "; choose another " + kind.option() + ", or --overwrite to translate all again");
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
    public ProvenanceLog begin() throws IOException {
        if (kind != OutputKind.FILES) {
            present = times(contents()); // a task of a job that failed may have been finishing a part meanwhile
        }
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
        for (String file : misnamed) {
            folder.fileSystem().delete(folder.file(file), false);
        }
        Set<String> counting = new HashSet<>();
        kept.values().forEach(made -> counting.add(made.file()));
        for (String file : present.keySet()) {
            if (kind.isPart(file) && !counting.contains(file) || file.equals(OutputKind.REJECTED_ROWS) && kind == OutputKind.TABLE) {
                folder.fileSystem().delete(folder.file(file), false);
            }
        }
        return log.get();
    }

    /**
     * Publishes the list of files that did not become a translation, in place of one that is there; in a table also as rows.
     *
     * @param leftOut what was left out
     * @throws IOException if the file system fails
     */
    public void publishRejected(List<LeftOut> leftOut) throws IOException {
        Publishing.write(folder.configuration(), folder.file(kind == OutputKind.TABLE ? HIDDEN_LIST : LeftOutList.FILE),
                out -> LeftOutList.write(leftOut.stream(), out));
        List<LeftOut> images = leftOut.stream().filter(file -> file.kind() == LeftOut.Kind.REJECTED
                || file.kind() == LeftOut.Kind.NOT_AN_IMAGE).toList();
        if (kind == OutputKind.TABLE && !images.isEmpty()) {
            Publishing.write(folder.configuration(), folder.file(OutputKind.REJECTED_ROWS), out -> {
                ParquetParts.Rows rows = new ParquetParts(record.path("heatmaps").asBoolean()).beginRows(out);
                for (LeftOut image : images) {
                    rows.addError(image.source(), image.reason());
                }
                rows.finish();
            });
        }
    }
}
