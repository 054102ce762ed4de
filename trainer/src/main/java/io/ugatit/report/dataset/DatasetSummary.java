package io.ugatit.report.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.dataset.Store;
import io.ugatit.image.Fit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A data set in figures.
 *
 * @param data its path
 * @param formatVersion the format of its manifest
 * @param version which state of the data set this is
 * @param store how pixels are stored
 * @param resize how images became squares
 * @param contentHash the hash over all shards
 * @param parts its domains and splits: trainA, trainB, testA, testB, as far as they are there
 * @param leftOut files that were not used, by kind and reason
 * @param differences what of one domain or split is unlike the other, a sentence each
 */
public record DatasetSummary(
        String data,
        int formatVersion,
        int version,
        Store store,
        Fit resize,
        String contentHash,
        List<PartSummary> parts,
        List<LeftOutSummary> leftOut,
        List<String> differences) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** Copies the lists. */
    public DatasetSummary {
        parts = List.copyOf(parts);
        leftOut = List.copyOf(leftOut);
        differences = List.copyOf(differences);
    }

    /**
     * Reads all but the pixels of a data set; takes memory for one row group's small columns, however many images there are.
     *
     * @param dataset the data set
     * @param configuration finds the file system
     * @throws io.ugatit.job.InvalidRequestException if the list of what was left out is missing or damaged
     * @throws io.ugatit.job.JobFailedException if a shard is gone or damaged; the message names it
     */
    public static DatasetSummary of(ImageDataset dataset, Configuration configuration) {
        DatasetManifest manifest = dataset.manifest();
        List<PartSummary> parts = new ArrayList<>();
        manifest.partitions().forEach(part -> parts.add(PartTally.read(dataset, part, configuration)));
        parts.sort(Comparator.comparing(PartSummary::split).thenComparing(PartSummary::domain));
        return new DatasetSummary(dataset.path(), manifest.formatVersion(), manifest.version(), manifest.store(), manifest.resize(),
                manifest.contentHash(), parts, LeftOutSummary.read(dataset, configuration), Differences.of(parts));
    }

    /**
     * A domain and split.
     *
     * @param domain the domain
     * @param split the split
     */
    public Optional<PartSummary> part(Domain domain, Split split) {
        return parts.stream().filter(part -> part.domain() == domain && part.split() == split).findFirst();
    }

    /** All of it in one line of JSON, without the line's end. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of words and numbers are always JSON", e);
        }
    }
}
