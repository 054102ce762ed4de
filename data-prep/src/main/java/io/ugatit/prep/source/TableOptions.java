package io.ugatit.prep.source;

import io.ugatit.job.InvalidRequestException;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * A table that holds the images. Each column may be an expression of Spark SQL.
 *
 * @param table a path that Spark reads, or a table of its catalog; null if the images are in files
 * @param format what a path holds; null becomes Parquet
 * @param image the column with the bytes of image files, or a structure with such a field {@code bytes}; null becomes {@code image}
 * @param name the column with what the images are called, each one once in its domain and split; null for file and row number
 * @param domain the column with A or B
 * @param split the column with train or test; null if all are to train on
 */
public record TableOptions(
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
        String name,
        @Option(
                names = "--domain-column",
                paramLabel = "COLUMN",
                description = "column or expression with an image's domain, A or B, or 0 or 1 as class labels; unless given, --input-table is"
                        + " refused")
        String domain,
        @Option(
                names = "--split-column",
                paramLabel = "COLUMN",
                description = "column or expression with an image's split, train or test; all images are to train on unless given")
        String split) {

    /** No table. */
    public static final TableOptions NONE = new TableOptions(null, null, null, null, null, null);

    /** @throws InvalidRequestException if the table has no column of domains, or there are columns but no table */
    public TableOptions {
        if (table == null) {
            requireNone("--input-table-format", format);
            requireNone("--image-column", image);
            requireNone("--name-column", name);
            requireNone("--domain-column", domain);
            requireNone("--split-column", split);
        } else {
            if (table.isBlank()) {
                throw new InvalidRequestException("--input-table is empty: must be a path or a table of Spark's catalog");
            }
            format = format == null ? "parquet" : format.toLowerCase(Locale.ROOT);
            image = image == null ? "image" : image;
            if (domain == null) {
                throw new InvalidRequestException("--domain-column is missing: must be the column of --input-table that says A or B");
            }
        }
    }

    private static void requireNone(String option, String value) {
        if (value != null) {
            throw new InvalidRequestException(option + " is " + value + ": goes with --input-table, which is missing");
        }
    }
}
