package io.ugatit.translate.output;

import io.ugatit.input.LeftOut;
import io.ugatit.job.JobFailedException;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/** Publishes a task's translations and logs them. */
public interface TranslationWriter {
    /** What is safe when writing fails. */
    String SAFE = "the translations written so far are whole; start the job again to go on";

    /**
     * A writer.
     *
     * @param kind what translations are kept in
     * @param log of the output
     * @param most translations in a file of many, at least 1
     * @param heatmaps whether tables have a column of them
     * @param facts what shards say of every image beside its path
     */
    static TranslationWriter of(OutputKind kind, ProvenanceLog log, int most, boolean heatmaps, Map<String, String> facts) {
        return switch (kind) {
            case FILES -> new FileWriter(log);
            case SHARDS -> new PartWriter(log, kind, new TarParts(facts), most);
            case TABLE -> new PartWriter(log, kind, new ParquetParts(heatmaps), most);
        };
    }

    /**
     * Writes translations as they are made. A task that runs twice writes the same once more.
     *
     * @param task the task's number in its job
     * @param made makes one after another
     * @param failed takes those that never can be written, with the reason
     * @throws JobFailedException if the file system fails
     */
    void write(int task, Iterator<MadeTranslation> made, Consumer<LeftOut> failed);
}
