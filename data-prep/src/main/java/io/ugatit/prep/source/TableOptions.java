package io.ugatit.prep.source;

import io.ugatit.job.InvalidRequestException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A table that holds the images of a data set. Each column may be an expression of Spark SQL.
 *
 * @param images the table; null becomes none. What images are called is there once in a domain and split
 * @param domain the column with A or B
 * @param split the column with train or test; null if all are to train on
 */
public record TableOptions(
        @Mixin ImageTableOptions images,
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
    public static final TableOptions NONE = new TableOptions(ImageTableOptions.NONE, null, null);

    /** @throws InvalidRequestException if the table has no column of domains, or there are columns but no table */
    public TableOptions {
        images = images == null ? ImageTableOptions.NONE : images;
        if (images.table() == null) {
            ImageTableOptions.requireNone("--domain-column", domain);
            ImageTableOptions.requireNone("--split-column", split);
        } else if (domain == null) {
            throw new InvalidRequestException("--domain-column is missing: must be the column of --input-table that says A or B");
        }
    }

    /** The table's path or name; null if there is none. */
    public String table() {
        return images.table();
    }
}
