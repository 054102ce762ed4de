package io.ugatit.prep.source;

import io.ugatit.job.InvalidRequestException;
import java.io.Serializable;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * A table that holds images. Each column may be an expression of Spark SQL.
 *
 * @param table a path that Spark reads, or a table of its catalog; null if the images are in files
 * @param format what a path holds; null becomes Parquet
 * @param image the column with the bytes of image files, or a structure with such a field {@code bytes}; null becomes {@code image}
 * @param name the column with what the images are called, each one once; null for file and row number
 */
public record ImageTableOptions(
        @Option(
                names = "--input-table",
                paramLabel = "TABLE",
                description = "table with a row for each image, instead of --input: a path, or a table of Spark's catalog")
        String table,
        @Option(
                names = "--input-table-format",
                paramLabel = "FORMAT",
                description = "what the path of --input-table holds: parquet or another format that Spark reads or has a package for, such as"
                        + " orc, avro, delta, iceberg (default: parquet)")
        String format,
        @Option(
                names = "--image-column",
                paramLabel = "COLUMN",
                description = "column, or expression of Spark SQL, with the bytes of image files, or a structure with a field bytes that has"
                        + " them (default: image)")
        String image,
        @Option(
                names = "--name-column",
                paramLabel = "COLUMN",
                description = "column or expression with what an image is called; the Parquet file and the row's number in it unless given")
        String name) implements Serializable {

    /** No table. */
    public static final ImageTableOptions NONE = new ImageTableOptions(null, null, null, null);

    /** @throws InvalidRequestException if there are columns but no table */
    public ImageTableOptions {
        if (table == null) {
            requireNone("--input-table-format", format);
            requireNone("--image-column", image);
            requireNone("--name-column", name);
        } else {
            if (table.isBlank()) {
                throw new InvalidRequestException("--input-table is empty: must be a path or a table of Spark's catalog");
            }
            format = format == null ? "parquet" : format.toLowerCase(Locale.ROOT);
            image = image == null ? "image" : image;
        }
    }

    /** Refuses a column without a table. */
    static void requireNone(String option, String value) {
        if (value != null) {
            throw new InvalidRequestException(option + " is " + value + ": goes with --input-table, which is missing");
        }
    }
}
