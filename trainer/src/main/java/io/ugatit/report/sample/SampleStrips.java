package io.ugatit.report.sample;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.Domain;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The samples that trainings drew, side by side: all of one step, over the steps, or of several runs. */
public final class SampleStrips {
    /** Columns of a strip; with more, neighbours look alike. */
    static final int MOST_STEPS = 10;

    private static final int SOURCE = SampleIndex.COLUMNS.indexOf("source");
    private static final int TRANSLATION = SampleIndex.COLUMNS.indexOf("translation");
    private static final Tile NOT_DRAWN = Tile.none("not drawn");

    private SampleStrips() {}

    /**
     * The newest samples: source, attention over it, translation, translation brought back.
     *
     * @param run may still be training
     * @param source domain of the images that are translated
     * @param images rows at most, at least 1
     * @throws InvalidRequestException if the run has no samples, or they are damaged
     * @throws JobFailedException if the file system fails
     */
    public static ImageTable newest(RunDirectory run, Domain source, int images) {
        return reading(run, () -> {
            SheetReader sheet = new SheetReader(run, last(indices(run)), direction(source));
            List<String> names = last(indices(run)).names(direction(source));
            List<List<Tile>> rows = new ArrayList<>();
            for (int row = 0; row < Math.min(images, names.size()); row++) {
                List<Tile> tiles = new ArrayList<>();
                for (String column : SampleIndex.COLUMNS) {
                    tiles.add(Tile.of(sheet.tile(row, tiles.size()), names.get(row) + ", " + column));
                }
                rows.add(tiles);
            }
            return new ImageTable(SampleIndex.COLUMNS, rows);
        });
    }

    /**
     * How the translations came about: the sources of the newest samples, and their translations after at most {@value #MOST_STEPS} of the
     * steps with samples, evenly spread.
     *
     * @param run may still be training
     * @param source domain of the images that are translated
     * @param images rows at most, at least 1
     * @throws InvalidRequestException if the run has no samples, or they are damaged
     * @throws JobFailedException if the file system fails
     */
    public static ImageTable overSteps(RunDirectory run, Domain source, int images) {
        return reading(run, () -> {
            List<SampleIndex> shown = spread(indices(run));
            List<String> names = last(shown).names(direction(source));
            List<String> headings = new ArrayList<>(List.of("source"));
            List<List<Tile>> rows = sources(run, last(shown), source, names.subList(0, Math.min(images, names.size())));
            for (SampleIndex index : shown) {
                String heading = Figures.count(index.step());
                headings.add(heading);
                addTranslations(rows, run, index, source, names, "after step " + heading);
            }
            return new ImageTable(headings, rows);
        });
    }

    /**
     * Several runs' newest translations of the same images: those of the first run's samples.
     *
     * @param runs at least one, by the names they have in the headings, in the order of the columns
     * @param source domain of the images that are translated
     * @param images rows at most, at least 1
     * @throws InvalidRequestException if a run has no samples, or they are damaged
     * @throws JobFailedException if the file system fails
     */
    public static ImageTable acrossRuns(Map<String, RunDirectory> runs, Domain source, int images) {
        RunDirectory first = runs.values().iterator().next();
        return reading(first, () -> {
            SampleIndex newest = last(indices(first));
            List<String> names = newest.names(direction(source));
            List<String> headings = new ArrayList<>(List.of("source"));
            List<List<Tile>> rows = sources(first, newest, source, names.subList(0, Math.min(images, names.size())));
            for (Map.Entry<String, RunDirectory> run : runs.entrySet()) {
                headings.add(run.getKey());
                addTranslations(rows, run.getValue(), last(indices(run.getValue())), source, names, run.getKey());
            }
            return new ImageTable(headings, rows);
        });
    }

    /** At most {@link #MOST_STEPS} of the samples, evenly spread, with the first and the newest. */
    static List<SampleIndex> spread(List<SampleIndex> samples) {
        if (samples.size() <= MOST_STEPS) {
            return samples;
        }
        List<SampleIndex> shown = new ArrayList<>();
        for (int i = 0; i < MOST_STEPS; i++) {
            shown.add(samples.get((int) Math.round(i * (samples.size() - 1.0) / (MOST_STEPS - 1))));
        }
        return shown;
    }

    private static List<List<Tile>> sources(RunDirectory run, SampleIndex index, Domain source, List<String> names) throws IOException {
        SheetReader sheet = new SheetReader(run, index, direction(source));
        List<List<Tile>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(new ArrayList<>(List.of(Tile.of(sheet.tile(rows.size(), SOURCE), name))));
        }
        return rows;
    }

    /** A tile for each row, whose images are the first of {@code names}. */
    private static void addTranslations(List<List<Tile>> rows, RunDirectory run, SampleIndex index, Domain source, List<String> names,
            String what) throws IOException {
        SheetReader sheet = new SheetReader(run, index, direction(source));
        for (int i = 0; i < rows.size(); i++) {
            int row = index.names(direction(source)).indexOf(names.get(i));
            rows.get(i).add(row < 0 ? NOT_DRAWN : Tile.of(sheet.tile(row, TRANSLATION), names.get(i) + ", " + what));
        }
    }

    private static List<SampleIndex> indices(RunDirectory run) throws IOException {
        List<SampleIndex> indices = SampleIndex.readAll(run);
        if (indices.isEmpty()) {
            throw new InvalidRequestException(run.path()
                    + " has no samples yet: train draws them at every checkpoint, unless --samples is 0");
        }
        return indices;
    }

    private static SampleIndex last(List<SampleIndex> indices) {
        return indices.get(indices.size() - 1);
    }

    private static Direction direction(Domain source) {
        return source == Domain.A ? Direction.A2B : Direction.B2A;
    }

    private static ImageTable reading(RunDirectory run, Reading reading) {
        try {
            return reading.table();
        } catch (IOException e) {
            throw new JobFailedException("Cannot read the samples in " + run.samples() + ": " + FileFailure.reason(e), e);
        }
    }

    /** Reads sheets into a table. */
    @FunctionalInterface
    private interface Reading {
        ImageTable table() throws IOException;
    }
}
