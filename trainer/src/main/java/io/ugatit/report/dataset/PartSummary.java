package io.ugatit.report.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a domain and split of a data set hold.
 *
 * @param part its name, such as {@code trainA}
 * @param domain the domain
 * @param split the split
 * @param images how many are stored
 * @param side their height and width in pixels
 * @param bytes of all shards
 * @param leftOut files that were not used, for whatever reason
 * @param sources what the images were and how they look; empty if its shards are of the first format, which does not tell
 */
public record PartSummary(
        String part, Domain domain, Split split, long images, int side, long bytes, long leftOut,
        @JsonIgnore Optional<Sources> sources) {

    /**
     * What shards tell of their images.
     *
     * @param images how many tell; fewer than the part has if some shards are of the first format
     * @param enlarged how many sources had fewer columns or rows than are stored
     * @param formats how many sources of each format, the most frequent first
     * @param modes how many sources of each kind of pixels, the most frequent first
     * @param width columns of the upright sources
     * @param height rows of the upright sources
     * @param brightness means of the stored images' luma, 0 to 255
     * @param red means of their reds, 0 to 255
     * @param green means of their greens, 0 to 255
     * @param blue means of their blues, 0 to 255
     * @param contrast standard deviations of their luma
     * @param histogram the share of images whose brightness is in each of {@link PartTally#BINS} bins from 0 to 255
     */
    public record Sources(
            long images,
            long enlarged,
            Map<String, Long> formats,
            Map<String, Long> modes,
            Spread width,
            Spread height,
            Spread brightness,
            Spread red,
            Spread green,
            Spread blue,
            Spread contrast,
            List<Double> histogram) {}

    @JsonProperty("sources")
    private Sources sourcesOrNull() {
        return sources.orElse(null);
    }

    /** Whether all images tell what they were. */
    @JsonIgnore
    public boolean isComplete() {
        return images == 0 || sources.map(known -> known.images() == images).orElse(false);
    }
}
