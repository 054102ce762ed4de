package io.ugatit.report.sample;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.RgbImage;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import io.ugatit.translate.Translations;
import io.ugatit.translate.Translations.Translation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Translated images beside their sources, and where the generator looked. */
public final class TranslationTable {
    private static final ImageDecoder DECODER = new ImageDecoder();

    private TranslationTable() {}

    /**
     * The first translations of a folder by their names: source, as a square of the translation's size; attention over it, from blue (low)
     * to red (high), if the job wrote heatmaps; translation.
     *
     * @param output a folder that {@link io.ugatit.translate.TranslateJob} translated into
     * @param fit how the job made squares of the sources
     * @param most rows at most, at least 1
     * @param configuration finds the file system
     * @throws InvalidRequestException if the folder holds no translations, or a file is gone or no image any more
     * @throws JobFailedException if the file system fails
     */
    public static ImageTable of(String output, Fit fit, int most, Configuration configuration) {
        List<Translation> translations = Translations.in(output, configuration);
        boolean heatmaps = translations.stream().anyMatch(translation -> translation.heatmap().isPresent());
        List<List<Tile>> rows = new ArrayList<>();
        for (Translation translation : translations.subList(0, Math.min(most, translations.size()))) {
            RgbImage translated = decode(translation.translation(), configuration);
            RgbImage source = fit.apply(decode(translation.source(), configuration), translated.width());
            List<Tile> row = new ArrayList<>(List.of(Tile.of(source, translation.name() + ", source")));
            translation.heatmap().ifPresent(heatmap -> row.add(Tile.of(
                    HeatmapColours.overlay(heatmap(decode(heatmap, configuration)), source), translation.name() + ", attention")));
            row.add(Tile.of(translated, translation.name() + ", translation"));
            rows.add(row);
        }
        return new ImageTable(heatmaps ? List.of("source", "attention", "translation") : List.of("source", "translation"), rows);
    }

    /** Of a gray image, whose channels are equal. */
    private static Heatmap heatmap(RgbImage gray) {
        float[] values = new float[gray.width() * gray.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = gray.pixels()[3 * i] & 0xff;
        }
        return new Heatmap(gray.height(), gray.width(), values);
    }

    private static RgbImage decode(Path file, Configuration configuration) {
        try {
            return DECODER.decode(Publishing.read(configuration, file, (int) ImageFile.MAX_LENGTH));
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(file + " is gone: translate again", e);
        } catch (ImageFormatException e) {
            throw new InvalidRequestException(file + " is no image any more (" + e.getMessage() + "): translate again", e);
        } catch (IOException e) {
            throw new JobFailedException("cannot read " + file + ": " + FileFailure.reason(e), e);
        }
    }
}
