package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * One Parquet file of a dataset.
 *
 * @param file name in the folder of its domain and split
 * @param rows images in it, at least 1
 * @param bytes length of the file
 * @param sha256 of the file, 64 hexadecimal digits
 */
public record Shard(
        @JsonProperty(required = true) String file,
        @JsonProperty(required = true) long rows,
        @JsonProperty(required = true) long bytes,
        @JsonProperty(required = true) String sha256)
        implements Serializable {
    /** @throws IllegalArgumentException if a value is out of range, or the file's name would lead out of its folder */
    public Shard {
        if (!file.matches("[\\w.-]+") || rows < 1 || bytes < 1 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("shard " + file + " has impossible values");
        }
    }
}
