package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.Serializable;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The images of one domain and split. Ordered by source (by code point), they are addressed by an index from 0; the shards hold
 * contiguous runs of them in this order.
 *
 * @param domain the domain
 * @param split the split
 * @param images how many images are stored
 * @param duplicates files left out because an earlier one has the same bytes
 * @param rejected image files that could not be decoded, and what could not be read for want of permission
 * @param notImages files that are no images at all
 * @param leaks files left out of train because one in test has the same bytes; this and the next are 0 in manifests that do not tell
 * @param hidden hidden files and folders
 * @param links links to nothing, or to a folder that is read under another name
 * @param noRegularFiles pipes, sockets and devices
 * @param shards in the order of their images
 */
public record Partition(
        @JsonProperty(required = true) Domain domain,
        @JsonProperty(required = true) Split split,
        @JsonProperty(required = true) long images,
        @JsonProperty(required = true) long duplicates,
        @JsonProperty(required = true) long rejected,
        @JsonProperty(required = true) long notImages,
        @JsonSetter(nulls = Nulls.AS_EMPTY) long leaks,
        @JsonSetter(nulls = Nulls.AS_EMPTY) long hidden,
        @JsonSetter(nulls = Nulls.AS_EMPTY) long links,
        @JsonSetter(nulls = Nulls.AS_EMPTY) long noRegularFiles,
        @JsonProperty(required = true) List<Shard> shards)
        implements Serializable {
    /** @throws IllegalArgumentException if a count is negative or the shards do not hold {@code images} rows */
    public Partition {
        shards = List.copyOf(shards);
        if (LongStream.of(duplicates, rejected, notImages, leaks, hidden, links, noRegularFiles).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(domain + "/" + split + " has negative counts");
        }
        long rows = shards.stream().mapToLong(Shard::rows).sum();
        if (rows != images) {
            throw new IllegalArgumentException(domain + "/" + split + " counts " + images + " images, but its shards hold " + rows);
        }
    }
}
