package io.ugatit.translate.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** The hidden record in a folder of translations: says what they were made with, and names the {@link ProvenanceLog} that says what of. */
public final class TranslationRecord {
    /** Its name; hidden, so no job takes it for an image. */
    public static final String FILE = "_translation.json";
    /** The folder of the log. */
    public static final String SOURCES = "sources";
    /** How translations get their size. */
    public static final String SHAPE = "shape";
    /** {@link #SHAPE} of translations that have the network's size. */
    public static final String NETWORK_SIZE = "network's size";
    /** What becomes of transparency. */
    public static final String ALPHA = "alpha";
    /** {@link #ALPHA} of translations whose images' transparency is put on white. */
    public static final String DROP = "drop";
    /** Whether images' metadata is kept. */
    public static final String METADATA = "metadata";
    /** What the convolutions are computed in, where there is a choice. */
    public static final String PRECISION = "precision";
    private static final String SINGLE = "fp32";
    /** What translations are kept in. */
    public static final String KIND = "output";
    /** The longest record that is read, in bytes. */
    private static final int MAX_BYTES = 1 << 20;
    /** What records say that were written before there was a choice. */
    private static final Map<String, String> UNSAID = Map.of(SHAPE, NETWORK_SIZE, ALPHA, DROP, METADATA, "false", KIND,
            OutputKind.FILES.word(), PRECISION, SINGLE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Folder folder;
    private final OutputKind kind;
    private final ObjectNode made;

    /** @param made what translations are made with now, but for their kind */
    TranslationRecord(Folder folder, OutputKind kind, ObjectNode made) {
        this.folder = folder;
        this.kind = kind;
        this.made = made.deepCopy().put(KIND, kind.word());
    }

    /**
     * Reads the record of a folder.
     *
     * @throws java.io.FileNotFoundException if it has none
     * @throws JsonProcessingException if it is damaged
     * @throws IOException if the file system fails
     */
    public static JsonNode read(Folder folder) throws IOException {
        return JSON.readTree(Publishing.read(folder.configuration(), folder.file(FILE), MAX_BYTES));
    }

    /** Whether translations have heatmaps beside them. */
    boolean hasHeatmaps() {
        return made.path("heatmaps").asBoolean();
    }

    /**
     * Reads the record that is there.
     *
     * @return it, as it was written
     * @throws InvalidRequestException if there is none, it is damaged, or translations were made with something else
     * @throws IOException if the file system fails
     */
    JsonNode requireSame() throws IOException {
        JsonNode before;
        try {
            before = read(folder);
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(kind.option() + " is " + folder.path() + ": holds files that are no translations; choose"
                    + " another " + kind.option() + ", or --overwrite to write among them", e);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(kind.option() + " is " + folder.path() + ": " + FILE
                    + " is damaged; choose another " + kind.option() + ", or --overwrite to translate all again", e);
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = made.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            String then = before.path(field.getKey()).asText(UNSAID.getOrDefault(field.getKey(), ""));
            if (!field.getValue().asText().equals(then)) {
                throw new InvalidRequestException(kind.option() + " is " + folder.path() + ": its translations were made with "
                        + field.getKey() + " " + then + ", not " + field.getValue().asText()
                        + "; choose another " + kind.option() + ", or --overwrite to translate all again");
            }
        }
        return before;
    }

    /**
     * The log that a record names.
     *
     * @return none if it was written before there were logs
     * @throws InvalidRequestException if what it names can be none
     */
    Optional<ProvenanceLog> log(JsonNode record) {
        return record.has(SOURCES) ? Optional.of(ProvenanceLog.named(folder, kind.option(), record.get(SOURCES).asText()))
                : Optional.empty();
    }

    /** Publishes the record, in place of one that is there. @param log what it names */
    void publish(ProvenanceLog log) throws IOException {
        ObjectNode whole = made.deepCopy().put(SOURCES, log.name());
        Publishing.write(folder.configuration(), folder.file(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole));
    }
}
