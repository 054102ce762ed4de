package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.Serializable;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The images of one domain and split. They are addressed by an index from 0, in the order of the shards and of their rows, absent ones
 * left out. What one version added is ordered by source (by code point) and comes after what was there before; so a dataset that was made
 * at once is ordered by source as a whole.
 *
 * @param domain the domain
 * @param split the split
 * @param images how many images there are: rows of the shards that are not absent
 * @param duplicates files left out because an earlier one has the same bytes
 * @param rejected image files that could not be decoded, and what could not be read for want of permission
 * @param notImages files that are no images at all
 * @param leaks files left out of train because one in test has the same bytes; this and the next are 0 in manifests that do not tell
 * @param hidden hidden files and folders
 * @param links links to nothing, or to a folder that is read under another name
 * @param noRegularFiles pipes, sockets and devices
 * @param nearDuplicates files left out of train because they look like one in test
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
        @JsonSetter(nulls = Nulls.AS_EMPTY) long nearDuplicates,
        @JsonProperty(required = true) List<Shard> shards)
        implements Serializable {
    /** @throws IllegalArgumentException if a count is negative, a shard is named twice or the shards do not hold {@code images} images */
    public Partition {
        shards = List.copyOf(shards);
        if (LongStream.of(duplicates, rejected, notImages, leaks, hidden, links, noRegularFiles, nearDuplicates)
                .anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(domain + "/" + split + " has negative counts");
        }
        if (shards.stream().map(Shard::file).distinct().count() != shards.size()) {
            throw new IllegalArgumentException(domain + "/" + split + " names a shard twice");
        }
        long held = shards.stream().mapToLong(Shard::images).sum();
        if (held != images) {
            throw new IllegalArgumentException(domain + "/" + split + " counts " + images + " images, but its shards hold " + held);
        }
    }
}
