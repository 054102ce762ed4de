package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.Serializable;
import java.util.List;

/**
 * One Parquet file of a dataset. The file never changes; which of its rows are images of a version is said here.
 *
 * @param file name in the folder of its domain and split
 * @param rows in it, at least 1
 * @param bytes length of the file
 * @param sha256 of the file, 64 hexadecimal digits
 * @param absent the rows, ascending from 0, that are no images of this version: of files that have changed or vanished since, or count no
 *     longer; none in manifests that do not tell
 */
public record Shard(
        @JsonProperty(required = true) String file,
        @JsonProperty(required = true) long rows,
        @JsonProperty(required = true) long bytes,
        @JsonProperty(required = true) String sha256,
        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> absent)
        implements Serializable {
    /** @throws IllegalArgumentException if a value is out of range, or the file's name would lead out of its folder */
    public Shard {
        absent = absent == null ? List.of() : List.copyOf(absent);
        if (!file.matches("[\\w.-]+") || rows < 1 || bytes < 1 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("shard " + file + " has impossible values");
        }
        int before = -1;
        for (int row : absent) {
            if (row <= before || row >= rows) {
                throw new IllegalArgumentException("shard " + file + " has impossible absent rows");
            }
            before = row;
        }
    }

    /** A shard of which every row is an image, as it is when it is written. */
    public Shard(String file, long rows, long bytes, String sha256) {
        this(file, rows, bytes, sha256, List.of());
    }

    /**
     * The same file in another version.
     *
     * @param rows that are absent there, ascending
     */
    public Shard without(List<Integer> rows) {
        return new Shard(file, this.rows, bytes, sha256, rows);
    }

    /** How many of the rows are images of this version; 0 if all are absent. */
    public long images() {
        return rows - absent.size();
    }
}
