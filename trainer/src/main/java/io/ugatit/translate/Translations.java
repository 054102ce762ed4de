package io.ugatit.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.output.Plan;
import io.ugatit.translate.output.Provenance;
import io.ugatit.translate.output.ProvenanceLog;
import io.ugatit.translate.output.TranslationRecord;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What {@link TranslateJob} made in a folder, and of what. */
public final class Translations {
    private Translations() {}

    /**
     * One translation.
     *
     * @param name the source's path relative to the input
     * @param source the image
     * @param translation what it became
     * @param heatmap where the generator looked, as a gray image; empty if the job was not asked for it
     */
    public record Translation(String name, Path source, Path translation, Optional<Path> heatmap) { }

    /**
     * Lists a folder's translations. Sources may have been changed or deleted since.
     *
     * @param output the folder, on any Hadoop file system
     * @param configuration finds the file system
     * @return ordered by name
     * @throws InvalidRequestException if no job has translated into the folder, its record is damaged, or they are in
     *     shards or a table
     * @throws JobFailedException if the file system fails
     */
    public static List<Translation> in(String output, Configuration configuration) {
        Folder folder = new Folder(configuration, PathOption.folder(configuration, "--output", output));
        try {
            JsonNode record = TranslationRecord.read(folder);
            String kind = record.path(TranslationRecord.KIND).asText(OutputKind.FILES.word());
            if (!kind.equals(OutputKind.FILES.word())) {
                throw new InvalidRequestException(output + " holds translations as " + kind + ": must be a folder that translate's --output"
                        + " made");
            }
            Folder input = new Folder(configuration, PathOption.folder(configuration, "--input", record.path("input").asText()));
            List<Translation> found = new ArrayList<>();
            for (Provenance made : ProvenanceLog.named(folder, "--output", record.path(TranslationRecord.SOURCES).asText()).read().values()) {
                Optional<Path> heatmap = record.path("heatmaps").asBoolean()
                        ? Optional.of(folder.file(Plan.heatmap(made.translation()))) : Optional.empty();
                found.add(new Translation(made.source(), input.file(made.source()), folder.file(made.translation()), heatmap));
            }
            found.sort(Comparator.comparing(Translation::name));
            return found;
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(output + " holds no translations: translate's --output makes such a folder", e);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(output + ": " + TranslationRecord.FILE + " is damaged: translate again with --overwrite", e);
        } catch (IOException e) {
            throw new JobFailedException("cannot list the translations in " + output + ": " + FileFailure.reason(e), e);
        }
    }
}
