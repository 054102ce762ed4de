package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;

/**
 * The images of one domain and split. Ordered by source (by code point), they are addressed by an index from 0; the shards hold
 * contiguous runs of them in this order.
 *
 * @param domain the domain
 * @param split the split
 * @param images how many images are stored
 * @param duplicates files left out because an earlier one has the same bytes
 * @param rejected image files that could not be decoded
 * @param notImages files that are no images at all
 * @param shards in the order of their images
 */
public record Partition(
        @JsonProperty(required = true) Domain domain,
        @JsonProperty(required = true) Split split,
        @JsonProperty(required = true) long images,
        @JsonProperty(required = true) long duplicates,
        @JsonProperty(required = true) long rejected,
        @JsonProperty(required = true) long notImages,
        @JsonProperty(required = true) List<Shard> shards)
        implements Serializable {
    /** @throws IllegalArgumentException if a count is negative or the shards do not hold {@code images} rows */
    public Partition {
        shards = List.copyOf(shards);
        if (duplicates < 0 || rejected < 0 || notImages < 0) {
            throw new IllegalArgumentException(domain + "/" + split + " has negative counts");
        }
        long rows = shards.stream().mapToLong(Shard::rows).sum();
        if (rows != images) {
            throw new IllegalArgumentException(domain + "/" + split + " counts " + images + " images, but its shards hold " + rows);
        }
    }
}
