package io.ugatit.retrain.sample;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.ugatit.dataset.Domain;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFormatException;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import java.util.ArrayList;
import java.util.List;

/**
 * A few test images and what the new run of a cycle, and the one it began with, make of them: {@code WORKSPACE/samples/NNNN.json}, some
 * hundred kilobytes that stay when runs and data sets are deleted.
 *
 * @param a2b of images of domain A
 * @param b2a of images of domain B
 */
public record NightSamples(
        @JsonProperty(value = "a2b", required = true) List<Translated> a2b,
        @JsonProperty(value = "b2a", required = true) List<Translated> b2a) {
    private static final ImageDecoder DECODER = new ImageDecoder();

    /**
     * One image, as JPEG files.
     *
     * @param image its name
     * @param source itself
     * @param before what the run makes of it that the cycle began with; null in a first cycle
     * @param now what the new run makes of it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Translated(
            @JsonProperty(value = "image", required = true) String image,
            @JsonProperty(value = "source", required = true) byte[] source,
            @JsonProperty("before") byte[] before,
            @JsonProperty(value = "now", required = true) byte[] now) {
    }

    /** Those of images of one domain. */
    public List<Translated> from(Domain domain) {
        return domain == Domain.A ? a2b : b2a;
    }

    /**
     * The images of a domain with their translations side by side: one by the run before, if there was one, and one by the new run.
     *
     * @param before name of the run that the cycle began with; null in a first cycle
     * @param now name of its own
     */
    public ImageTable table(Domain domain, String before, String now) {
        List<List<Tile>> rows = new ArrayList<>();
        for (Translated translated : from(domain)) {
            List<Tile> row = new ArrayList<>(List.of(tile(translated.source(), translated.image())));
            if (before != null) {
                row.add(tile(translated.before(), translated.image() + ", run " + before));
            }
            row.add(tile(translated.now(), translated.image() + ", run " + now));
            rows.add(row);
        }
        return new ImageTable(before == null ? List.of("source", "run " + now) : List.of("source", "run " + before, "run " + now), rows);
    }

    private static Tile tile(byte[] jpeg, String name) {
        try {
            return jpeg == null ? Tile.none("not drawn") : Tile.of(DECODER.decode(jpeg), name);
        } catch (ImageFormatException e) {
            return Tile.none("damaged: " + e.getMessage());
        }
    }
}
