package io.ugatit.report.sample;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.RunFiles;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.fs.Path;

/**
 * What the sample sheets of one step show. It is stored as {@code RUN/samples/step-NNNNNNNN.json} beside the sheets
 * {@code step-NNNNNNNN-a2b.png} and {@code step-NNNNNNNN-b2a.png}, and is written last: a step that has an index is complete.
 *
 * @param step the training step after which the samples were drawn, 0 or more
 * @param images for {@code a2b} and {@code b2a} the names of the test images, one for each row of the sheet
 * @param columns what the columns of both sheets show, from the left
 * @param tileWidth pixels of one tile on the sheet
 * @param tileHeight pixels of one tile on the sheet
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SampleIndex(
        long step,
        Map<String, List<String>> images,
        List<String> columns,
        @JsonProperty("tile_width") int tileWidth,
        @JsonProperty("tile_height") int tileHeight) {
    /** The columns that every sheet has. */
    public static final List<String> COLUMNS = List.of("source", "attention", "translation", "back-translation");

    private static final int MOST_BYTES = 1 << 20;
    /** Pixels a side; a sheet beyond it is no sheet that {@link SampleWriter} writes. */
    private static final int MOST_TILE = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException if a step, a direction or a size is missing or impossible */
    public SampleIndex {
        if (step < 0) {
            throw new IllegalArgumentException("step is " + step + "; it must be 0 or more");
        }
        if (!COLUMNS.equals(columns)) {
            throw new IllegalArgumentException("columns are " + columns + "; they must be " + COLUMNS);
        }
        if (tileWidth < 1 || tileHeight < 1 || tileWidth > MOST_TILE || tileHeight > MOST_TILE) {
            throw new IllegalArgumentException("a tile has " + tileWidth + " x " + tileHeight + " pixels; 1 to " + MOST_TILE + " a side fit");
        }
        for (Direction direction : Direction.values()) {
            if (images == null || images.get(direction.word()) == null || images.get(direction.word()).isEmpty()) {
                throw new IllegalArgumentException("images names none for " + direction.word() + "; a sheet has at least one row");
            }
            if (images.get(direction.word()).stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException("images has a row without a name for " + direction.word());
            }
        }
        Map<String, List<String>> ordered = new LinkedHashMap<>(); // as the file is to be
        for (Direction direction : Direction.values()) {
            ordered.put(direction.word(), List.copyOf(images.get(direction.word())));
        }
        images = Collections.unmodifiableMap(ordered);
        columns = COLUMNS;
    }

    /**
     * Every complete set of samples in a run.
     *
     * @param run the run
     * @return sorted by step; empty if the run has none
     * @throws InvalidRequestException if an index is damaged; the message names it
     * @throws IOException if the file system fails
     */
    public static List<SampleIndex> readAll(RunDirectory run) throws IOException {
        List<SampleIndex> found = new ArrayList<>();
        for (Path path : RunFiles.list(run.configuration(), run.samples(), ".json")) {
            try {
                SampleIndex index = JSON.readValue(RunFiles.read(run.configuration(), path, MOST_BYTES), SampleIndex.class);
                if (index == null) { // what the JSON null is read as
                    throw new InvalidRequestException(path + " is not an index of samples: it holds null");
                }
                found.add(index);
            } catch (ValueInstantiationException wrong) {
                throw new InvalidRequestException(path + " is not an index of samples: " + wrong.getCause().getMessage(), wrong);
            } catch (JacksonException damaged) {
                throw new InvalidRequestException(path + " is not an index of samples: " + damaged.getOriginalMessage(), damaged);
            }
        }
        found.sort(Comparator.comparingLong(SampleIndex::step));
        return found;
    }

    /** The files of the sheets, by {@code a2b} and {@code b2a}, in this order. */
    public Map<String, Path> sheets(RunDirectory run) {
        Map<String, Path> sheets = new LinkedHashMap<>();
        for (Direction direction : Direction.values()) {
            sheets.put(direction.word(), sheetFile(run, step, direction));
        }
        return sheets;
    }

    /** The index as JSON, in UTF-8. */
    byte[] toJson() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    List<String> names(Direction direction) {
        return images.get(direction.word());
    }

    SheetLayout layout(Direction direction) {
        return new SheetLayout(names(direction).size(), tileWidth, tileHeight);
    }

    /** The index's file. */
    static Path file(RunDirectory run, long step) {
        return new Path(run.samples(), stem(step) + ".json");
    }

    /** A sheet's file. */
    static Path sheetFile(RunDirectory run, long step, Direction direction) {
        return new Path(run.samples(), stem(step) + "-" + direction.word() + ".png");
    }

    private static String stem(long step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }
}
