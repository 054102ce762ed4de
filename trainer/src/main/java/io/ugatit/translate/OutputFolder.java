package io.ugatit.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * The folder of the translations. A hidden record says what they were made with: files that are at least as new as the record, and only
 * those, are translations by that generator with those options, so a job that was killed can go on.
 */
final class OutputFolder {
    /** Says what the translations were made with; hidden, so no job takes it for an image. */
    static final String RECORD = "_translation.json";
    /** The files that did not become a translation, a JSON object a line. */
    static final String REJECTED = "rejected.jsonl";
    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Folder folder;
    private final ObjectNode record;
    private final List<Path> unfinished = new ArrayList<>();
    private boolean isNew = true;

    /** @param record what the translations are made with now */
    OutputFolder(Folder folder, ObjectNode record) {
        this.folder = folder;
        this.record = record;
    }

    /**
     * Looks at what is there, without changing anything.
     *
     * @param overwrite whether what is there does not count
     * @return relative paths of the translations that need not be made again
     * @throws InvalidRequestException if the folder holds something else, or translations made with something else
     * @throws IOException if the file system fails
     */
    Set<String> translated(boolean overwrite) throws IOException {
        Path file = folder.file(RECORD);
        if (folder.fileSystem().exists(folder.path()) && !folder.fileSystem().getFileStatus(folder.path()).isDirectory()) {
            throw new InvalidRequestException("--output is " + folder.path() + ": is a file, must be a folder");
        }
        List<InputFile> present = present();
        if (overwrite || present.isEmpty() && !folder.fileSystem().exists(file)) {
            return Set.of();
        }
        requireSame(file);
        isNew = false;
        long since = folder.fileSystem().getFileStatus(file).getModificationTime();
        Set<String> translated = new HashSet<>();
        for (InputFile entry : present) {
            if (entry.modified() >= since) {
                translated.add(entry.path());
            }
        }
        return translated;
    }

    /** The files that are there, and takes note of unfinished ones. */
    private List<InputFile> present() throws IOException {
        FolderContents contents;
        try {
            contents = folder.list();
        } catch (FileNotFoundException e) {
            return List.of(); // nothing has been translated yet
        }
        for (LeftOut leftOut : contents.leftOut()) {
            Path path = folder.file(leftOut.source());
            if (path.getName().startsWith(Publishing.TEMPORARY_PREFIX)) {
                unfinished.add(path);
            }
        }
        return contents.files();
    }

    private void requireSame(Path file) throws IOException {
        JsonNode before;
        try {
            before = JSON.readTree(Publishing.read(folder.configuration(), file, MAX_RECORD_BYTES));
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException("--output is " + folder.path()
                    + ": holds files that are no translations; choose another --output, or --overwrite to write among them", e);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException("--output is " + folder.path() + ": " + RECORD
                    + " is damaged; choose another --output, or --overwrite to translate all again", e);
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = record.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (!field.getValue().asText().equals(before.path(field.getKey()).asText())) {
                throw new InvalidRequestException("--output is " + folder.path() + ": its translations were made with " + field.getKey() + " "
                        + before.path(field.getKey()).asText() + ", not " + field.getValue().asText()
                        + "; choose another --output, or --overwrite to translate all again");
            }
        }
    }

    /**
     * Deletes what killed tasks left, and writes the record unless the job goes on with translations that are there.
     *
     * @throws IOException if the file system fails
     */
    void begin() throws IOException {
        for (Path path : unfinished) {
            folder.fileSystem().delete(path, true);
        }
        if (isNew) {
            Publishing.write(folder.configuration(), folder.file(RECORD), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(record));
        }
    }

    /**
     * Publishes the list of files that did not become a translation, in place of one that is there.
     *
     * @throws IOException if the file system fails
     */
    void publishRejected(List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        Publishing.write(folder.configuration(), folder.file(REJECTED), text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
