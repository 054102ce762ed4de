package io.ugatit.translate.option;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.output.OutputKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Where translations go; one of the first three is given, the others are null.
 *
 * @param output the folder for a file for each translation, made if need be
 * @param shards the folder for tar shards in WebDataset's layout, made if need be
 * @param table the folder for a table of Parquet files, made if need be
 * @param partImages translations in a shard or a file of the table at most, from 1 to {@link #MOST_IN_A_PART}; null for
 *     {@link #DEFAULT_IN_A_PART}
 */
public record OutputOptions(
        @Option(names = "--output", paramLabel = "DIR", description = "folder for the translations, under the same relative paths; needed"
                + " unless given --output-shards or --output-table") String output,
        @Option(names = "--output-shards", paramLabel = "DIR", description = "folder for tar files of many translations instead, in"
                + " WebDataset's layout: KEY.png, KEY.heatmap.png, KEY.json (default: --output)") String shards,
        @Option(names = "--output-table", paramLabel = "DIR", description = "folder for a table of Parquet files instead, with a row for each"
                + " image: path, translation, heatmap with --heatmaps, and error (default: --output)") String table,
        @Option(names = "--part-images", paramLabel = "N", description = "with --output-shards or --output-table: translations a file at"
                + " most; also what each slot of a job that is killed loses at most (default: 256)") Integer partImages)
        implements Serializable {
    /** {@link #partImages} unless given: minutes of a CPU's work. */
    public static final int DEFAULT_IN_A_PART = 256;
    /** The most that {@link #partImages} may be. */
    public static final int MOST_IN_A_PART = 100_000;

    /** @throws InvalidRequestException if not one of the three is given, or the number is out of range or without use */
    public OutputOptions {
        List<String> given = new ArrayList<>();
        add(given, OutputKind.FILES, output);
        add(given, OutputKind.SHARDS, shards);
        add(given, OutputKind.TABLE, table);
        if (given.isEmpty()) {
            throw new InvalidRequestException("--output is missing: must be a folder; or give --output-shards or --output-table");
        }
        if (given.size() > 1) {
            throw new InvalidRequestException(String.join(" and ", given) + " exclude each other: give one of them");
        }
        if (partImages != null && output != null) {
            throw new InvalidRequestException("--part-images is for --output-shards and --output-table only: leave it out");
        }
        if (partImages != null && (partImages < 1 || partImages > MOST_IN_A_PART)) {
            throw new InvalidRequestException("--part-images is " + partImages + ": must be from 1 to " + MOST_IN_A_PART);
        }
    }

    private static void add(List<String> given, OutputKind kind, String value) {
        if (value != null && value.isBlank()) {
            throw new InvalidRequestException(kind.option() + " is empty: must be a folder");
        }
        if (value != null) {
            given.add(kind.option());
        }
    }

    /**
     * A file for each translation.
     *
     * @param output the folder
     */
    public static OutputOptions files(String output) {
        return new OutputOptions(output, null, null, null);
    }

    /** What translations are kept in. */
    public OutputKind kind() {
        return output != null ? OutputKind.FILES : shards != null ? OutputKind.SHARDS : OutputKind.TABLE;
    }

    /** Translations in a shard or a file of the table at most. */
    public int mostInAPart() {
        return partImages == null ? DEFAULT_IN_A_PART : partImages;
    }

    /** The folder. */
    public String folder() {
        return switch (kind()) {
            case FILES -> output;
            case SHARDS -> shards;
            case TABLE -> table;
        };
    }
}
