package io.ugatit.report.dataset;

import io.ugatit.dataset.ImageDataset;
import io.ugatit.image.ImageEncoder;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.ImageTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Shows what a data set holds: figures, and if an output is given a page without scripts or links and a contact sheet. Of the pixels only
 * the images on the sheet are read, of all others a hundred bytes each, and memory does not grow with them.
 */
public final class InspectJob {
    private static final String PAGE = "dataset.html";
    private static final String SHEET = "contact-sheet.png";
    private static final int COLUMNS = 12;
    private static final int ROWS = 3;

    private final Configuration configuration;
    private final InspectOptions options;

    /**
     * @param configuration finds the file systems
     * @param options which data set, and where the page goes
     */
    public InspectJob(Configuration configuration, InspectOptions options) {
        this.configuration = configuration;
        this.options = options;
    }

    /**
     * Reads the data set and writes or replaces the page.
     *
     * @return what was found
     * @throws InvalidRequestException if there is no such data set, it is damaged, or the output is inside it
     * @throws JobFailedException if a shard is gone or damaged, which the message names, or a file system fails; a page written before is
     *     left as it was
     */
    public InspectResult run() {
        ImageDataset dataset = ImageDataset.open(options.data(), configuration);
        Optional<Path> output = Optional.ofNullable(options.output()).map(folder -> PathOption.folder(configuration, "--output", folder));
        if (output.isPresent() && PathOption.isInside(output.get(), new Path(dataset.path()))) {
            throw new InvalidRequestException("--output is " + output.get() + ": must be outside the data set, which is left as it is");
        }
        DatasetSummary summary = DatasetSummary.of(dataset, configuration);
        output.ifPresent(folder -> write(dataset, summary, folder));
        return new InspectResult(summary, output.map(folder -> new Path(folder, PAGE)));
    }

    private void write(ImageDataset dataset, DatasetSummary summary, Path folder) {
        Map<String, ImageTable> sheets = new LinkedHashMap<>();
        for (PartSummary part : summary.parts()) {
            if (part.images() > 0) {
                sheets.put(part.part(), ContactSheet.of(dataset, part.domain(), part.split(), COLUMNS, ROWS, configuration));
            }
        }
        DatasetPage page = new DatasetPage(new Path(dataset.path()).getName(), summary, sheets);
        try {
            if (!sheets.isEmpty()) {
                byte[] sheet = ImageEncoder.PNG.encode(ContactPicture.of(List.copyOf(sheets.values()), COLUMNS));
                Publishing.write(configuration, new Path(folder, SHEET), sheet);
            }
            Publishing.write(configuration, new Path(folder, PAGE), out -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                page.write(new Html(writer));
                writer.flush();
            });
        } catch (IOException e) {
            throw new JobFailedException("cannot write " + folder + ": " + FileFailure.reason(e) + "; the data set is untouched", e);
        }
    }
}
