package io.ugatit.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.image.Fit;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What a dataset holds: {@code manifest.json}, the file that is written last. It names every shard with its hash and has no dates or
 * machine names, so that the same images and options give the same bytes.
 *
 * @param formatVersion the format of this file and of the shards, from 1 to {@link #FORMAT_VERSION}
 * @param version which state of the dataset this is, from 1
 * @param size side in pixels of the images the model works on, and of the stored test images
 * @param loadSize side in pixels of the stored train images, at least {@code size}
 * @param resize how images were fitted into squares
 * @param store how pixels are stored
 * @param partitions one for each domain and split that has files, in the order of (domain, split)
 * @param contentHash one hash over the options and all images, 64 hexadecimal digits: see {@link ContentHash}
 */
public record DatasetManifest(
        @JsonProperty(required = true) int formatVersion,
        @JsonProperty(required = true) int version,
        @JsonProperty(required = true) int size,
        @JsonProperty(required = true) int loadSize,
        @JsonProperty(required = true) Fit resize,
        @JsonProperty(required = true) Store store,
        @JsonProperty(required = true) List<Partition> partitions,
        @JsonProperty(required = true) String contentHash)
        implements Serializable {
    /** The format this program writes; it reads those before it too. */
    public static final int FORMAT_VERSION = 2;

    /** Name of the folder, in the dataset folder, that holds the shards. */
    public static final String IMAGES = "images";

    /** Name of the manifest's file in the dataset folder. */
    public static final String FILE = "manifest.json";

    /** The largest side in pixels of a stored image: 4096. */
    public static final int MAX_SIDE = 4096;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** @throws IllegalArgumentException if a value is out of range or a domain and split appear twice */
    public DatasetManifest {
        partitions = List.copyOf(partitions);
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " is not 1 or more");
        }
        if (size < 1 || loadSize < size || loadSize > MAX_SIDE) {
            throw new IllegalArgumentException("sizes " + size + " and " + loadSize + " are not in 1 <= size <= loadSize <= " + MAX_SIDE);
        }
        if (!contentHash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("contentHash is not 64 hexadecimal digits");
        }
        Set<String> seen = new HashSet<>();
        for (Partition partition : partitions) {
            if (!seen.add(folder(partition.domain(), partition.split()))) {
                throw new IllegalArgumentException(folder(partition.domain(), partition.split()) + " appears twice");
            }
        }
    }

    /**
     * Reads a manifest.
     *
     * @param json the file's bytes
     * @param file the file's path, for messages
     * @throws InvalidRequestException if it is not a manifest, of another version, or holds impossible values
     */
    public static DatasetManifest parse(byte[] json, String file) {
        try {
            JsonNode tree = JSON.readTree(json);
            int version = tree.path("formatVersion").asInt(-1);
            if (version < 1 || version > FORMAT_VERSION) {
                throw new InvalidRequestException(file + " has formatVersion " + tree.path("formatVersion") + ", this program reads 1 to "
                        + FORMAT_VERSION + ": prepare the dataset again");
            }
            return JSON.treeToValue(version == FORMAT_VERSION ? tree : ofFirstFormat(tree), DatasetManifest.class);
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException problem ? problem.getOriginalMessage() : e.getMessage();
            throw new InvalidRequestException(
                    file + " is damaged (" + reason.lines().findFirst().orElse("") + "): prepare the dataset again", e);
        }
    }

    /** The first format knew one version of a dataset and one way to store pixels. */
    private static JsonNode ofFirstFormat(JsonNode tree) {
        return ((ObjectNode) tree).put("version", 1).put("store", Store.RAW.label());
    }

    /** The file's bytes, the same for equal manifests. */
    public byte[] toJson() {
        try {
            return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A hash that says which image has which index: equal if and only if the same shards hold the same images in the same order. Unlike
     * the content hash it tells a dataset that grew from one that was made at once.
     *
     * @return 64 hexadecimal digits
     */
    public String orderHash() {
        MessageDigest digest = Sha256.digest();
        for (Partition partition : partitions) {
            for (Shard shard : partition.shards()) {
                String line = folder(partition.domain(), partition.split()) + ' ' + shard.sha256() + ' ' + shard.absent() + '\n';
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * How many images a domain and split have; 0 if there are none.
     *
     * @param domain the domain
     * @param split the split
     */
    public long count(Domain domain, Split split) {
        return shards(domain, split).stream().mapToLong(Shard::images).sum();
    }

    /**
     * The shards of a domain and split in the order of their images; empty if there are none.
     *
     * @param domain the domain
     * @param split the split
     */
    public List<Shard> shards(Domain domain, Split split) {
        return partitions.stream()
                .filter(partition -> partition.domain() == domain && partition.split() == split)
                .findFirst()
                .map(Partition::shards)
                .orElse(List.of());
    }

    /**
     * The side in pixels of stored images.
     *
     * @param split train images have the load size, test images the size
     */
    public int side(Split split) {
        return split == Split.TRAIN ? loadSize : size;
    }

    /** How many files were left out because an earlier one of the same domain and split has the same bytes. */
    @JsonIgnore
    public long duplicates() {
        return sum(Partition::duplicates);
    }

    /** How many image files could not be decoded, and what could not be read for want of permission. */
    @JsonIgnore
    public long rejected() {
        return sum(Partition::rejected);
    }

    /** How many files are no images at all. */
    @JsonIgnore
    public long notImages() {
        return sum(Partition::notImages);
    }

    /** How many train files were left out because a test file of the same domain has the same bytes. */
    @JsonIgnore
    public long leaks() {
        return sum(Partition::leaks);
    }

    /** How many files and folders are hidden. */
    @JsonIgnore
    public long hidden() {
        return sum(Partition::hidden);
    }

    /** How many links lead nowhere, or to a folder that is read under another name. */
    @JsonIgnore
    public long links() {
        return sum(Partition::links);
    }

    /** How many train files were left out because they look like a test file of the same domain. */
    @JsonIgnore
    public long nearDuplicates() {
        return sum(Partition::nearDuplicates);
    }

    /** How many pipes, sockets and devices there are. */
    @JsonIgnore
    public long noRegularFiles() {
        return sum(Partition::noRegularFiles);
    }

    /**
     * The folder of a domain and split in a dataset, partitioned so that Spark SQL finds both as columns:
     * {@code images/domain=A/split=train}.
     *
     * @param domain the domain
     * @param split the split
     */
    public static String folder(Domain domain, Split split) {
        return IMAGES + "/domain=" + domain + "/split=" + split.label();
    }

    private long sum(ToLongFunction<Partition> count) {
        return partitions.stream().mapToLong(count).sum();
    }
}
