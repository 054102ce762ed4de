package io.ugatit.translate;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.ImageTableOptions;
import java.io.Serializable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Where images come from; each of the first three is null if it is not given.
 *
 * @param input for one direction: the folder of images, nested as it may be, or an archive
 * @param a for both directions: images of domain A, as {@code input}
 * @param b for both directions: images of domain B
 * @param table for one direction, in the place of {@code input}; null becomes none
 */
public record InputOptions(
        @Option(names = "--input", paramLabel = "DIR", description = "folder of images, nested as it may be, with archives (.tar, .tar.gz,"
                + " .tgz, .zip) among them, or an archive; needed unless given a table by --input-table, or --direction both") String input,
        @Option(names = "--input-a", paramLabel = "DIR", description = "with --direction both: images of A, as --input; needed unless given"
                + " another direction") String a,
        @Option(names = "--input-b", paramLabel = "DIR", description = "with --direction both: images of B, as --input; needed unless given"
                + " another direction") String b,
        @Mixin ImageTableOptions table) implements Serializable {

    /** @throws InvalidRequestException if an input is empty, or a column is named without a table */
    public InputOptions {
        requireNotBlank("--input", input);
        requireNotBlank("--input-a", a);
        requireNotBlank("--input-b", b);
        table = table == null ? ImageTableOptions.NONE : table;
    }

    /** A folder or an archive, for one direction. */
    public static InputOptions of(String input) {
        return new InputOptions(input, null, null, null);
    }

    private static void requireNotBlank(String option, String value) {
        if (value != null && value.isBlank()) {
            throw new InvalidRequestException(option + " is empty: must be a folder or an archive");
        }
    }

    /** Whether images are rows of a table. */
    public boolean isTable() {
        return table.table() != null;
    }

    /** The folder, archive or table that is translated one way. */
    String name(Direction direction) {
        if (isTable()) {
            return table.table();
        }
        return input != null ? input : direction == Direction.A2B ? a : b;
    }

    /** The option that names the folder or archive which is translated one way. */
    String option(Direction direction) {
        return input != null ? "--input" : direction == Direction.A2B ? "--input-a" : "--input-b";
    }

    /** Refuses what does not go with the directions. */
    void requireFor(Directions directions) {
        if (directions == Directions.BOTH) {
            if (input != null || isTable()) {
                throw new InvalidRequestException("--direction is both: must have --input-a with images of A and --input-b with those of B in"
                        + " the place of " + (input != null ? "--input" : "--input-table"));
            }
            if (a == null || b == null) {
                throw new InvalidRequestException((a == null ? "--input-a" : "--input-b") + " is missing: --direction both needs images of "
                        + (a == null ? "A" : "B") + ", a folder or an archive");
            }
            return;
        }
        if (a != null || b != null) {
            throw new InvalidRequestException((a != null ? "--input-a" : "--input-b") + " is for --direction both only: give --input with what"
                    + " is to be translated");
        }
        if (input == null && !isTable()) {
            throw new InvalidRequestException("--input is missing: must be a folder or an archive; or give --input-table");
        }
        if (input != null && isTable()) {
            throw new InvalidRequestException("--input is " + input + " and --input-table " + table.table() + ": must be one of them");
        }
    }
}
