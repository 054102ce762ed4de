package io.ugatit.translate.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What the translations of a folder are of: files of JSON lines in a hidden folder, each published in one piece, one for what earlier jobs
 * have left and one for each task. A line is written after its translation: a job that is killed in between makes the translation again. Lines
 * of a file of many are written before it: they count once the file is there.
 *
 * @param output the folder of the translations
 * @param name of the hidden folder in it
 */
public record ProvenanceLog(Folder output, String name) {
    /** What the hidden folders' names begin with. */
    static final String PREFIX = ".sources-";
    private static final String SUFFIX = ".jsonl";
    private static final ObjectReader LINES = new ObjectMapper().readerFor(Provenance.class);
    private static final String KEPT = "kept" + SUFFIX;

    /** One that is not there yet. */
    static ProvenanceLog fresh(Folder output) {
        return new ProvenanceLog(output, PREFIX + UUID.randomUUID());
    }

    /**
     * One that a record names.
     *
     * @param output the folder of the translations
     * @param option what names the folder
     * @param name of the log
     * @throws InvalidRequestException if it cannot be one
     */
    public static ProvenanceLog named(Folder output, String option, String name) {
        if (!name.matches(Pattern.quote(PREFIX) + "[0-9a-f-]{36}")) {
            throw new InvalidRequestException(option + " is " + output.path() + ": " + TranslationRecord.FILE + " is damaged, it names no log;"
                    + " choose another " + option + ", or --overwrite to translate all again");
        }
        return new ProvenanceLog(output, name);
    }

    /**
     * Reads all lines; those that are damaged are of no translation.
     *
     * @return by translation; empty if there is no such folder
     * @throws IOException if the file system fails
     */
    public Map<String, Provenance> read() throws IOException {
        Map<String, Provenance> lines = new HashMap<>();
        for (FileStatus file : Publishing.list(output.fileSystem(), output.file(name))) {
            if (file.getPath().getName().endsWith(SUFFIX)) {
                read(file.getPath(), lines);
            }
        }
        return lines;
    }

    private void read(Path file, Map<String, Provenance> lines) throws IOException {
        try (MappingIterator<Provenance> values = LINES.readValues((InputStream) output.fileSystem().open(file))) {
            while (values.hasNextValue()) {
                Provenance line = values.nextValue();
                lines.put(line.translation(), line);
            }
        } catch (JsonProcessingException e) {
            return; // cut or spoiled: what follows is made again
        } catch (FSError e) {
            throw FileFailure.of(file, e);
        }
    }

    /** Publishes what earlier jobs have left. */
    void keep(Collection<Provenance> kept) throws IOException {
        write(KEPT, kept);
    }

    /** Publishes what a task has made so far, in place of what was published of it before. */
    void write(int task, Collection<Provenance> made) throws IOException {
        write(String.format(Locale.ROOT, "task-%05d%s", task, SUFFIX), made);
    }

    private void write(String file, Collection<Provenance> lines) throws IOException {
        Publishing.write(output.configuration(), output.file(name + "/" + file), out -> {
            for (Provenance line : lines) {
                out.write((line.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}
