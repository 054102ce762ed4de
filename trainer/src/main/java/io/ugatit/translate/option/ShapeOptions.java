package io.ugatit.translate.option;

import io.ugatit.image.Transparency;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.output.TranslationRecord;
import io.ugatit.translate.tile.TileStatistics;
import java.io.Serializable;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/**
 * What translations keep of their images: size, transparency, metadata.
 *
 * @param keepSize whether translations are scaled back to the size of their images
 * @param tile whether images are translated in their own resolution, in tiles of the network's size
 * @param tileStatistics with {@code tile}: of what the statistics are; null for {@link TileStatistics#WHOLE}
 * @param alpha {@code drop}, {@code keep} or {@code #RRGGBB}; null becomes {@code drop}
 * @param keepMetadata whether EXIF, XMP, IPTC and texts are written into translations
 */
public record ShapeOptions(
        @Option(names = "--keep-size", description = "scale translations back to the size of their images, of --resize crop to that of the"
                + " part cut out (default: they have the network's size)") boolean keepSize,
        @Option(names = "--tile", description = "translate images in their own resolution, in overlapping tiles of the network's size"
                + " (default: they are scaled to it)") boolean tile,
        @Option(names = "--tile-statistics", paramLabel = "whole|tile", description = "with --tile: whether all tiles are normalised as the"
                + " whole picture is, or each for itself (default: whole)") TileStatistics tileStatistics,
        @Option(names = "--alpha", paramLabel = "drop|keep|#RRGGBB", defaultValue = "drop", description = "transparency: put on white as in"
                + " data sets, the same but kept for the translation, which must be PNG, or put on a colour"
                + " (default: ${DEFAULT-VALUE})") String alpha,
        @Option(names = "--keep-metadata", description = "write EXIF (place and time too), XMP, IPTC and texts of images into their translations"
                + " (default: leave them out)") boolean keepMetadata)
        implements Serializable {

    /** The network's size, transparency put on white. */
    public static final ShapeOptions DEFAULT = new ShapeOptions(false, false, null, null, false);

    private static final String DROP = TranslationRecord.DROP;
    private static final String KEEP = "keep";
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{6}");

    /** @throws InvalidRequestException if the options do not go together, or the alpha is none of the three */
    public ShapeOptions {
        if (keepSize && tile) {
            throw new InvalidRequestException("--keep-size and --tile exclude each other: in tiles an image keeps its size anyway, so leave"
                    + " --keep-size out");
        }
        if (tileStatistics != null && !tile) {
            throw new InvalidRequestException("--tile-statistics is for --tile only: give that too, or leave it out");
        }
        alpha = alpha == null ? DROP : alpha;
        if (!alpha.equals(DROP) && !alpha.equals(KEEP) && !COLOUR.matcher(alpha).matches()) {
            throw new InvalidRequestException("--alpha is '" + alpha + "': must be drop, keep or a colour such as '#ff8000'");
        }
    }

    /**
     * With the metadata left out.
     *
     * @throws InvalidRequestException if the options do not go together, or the alpha is none of the three
     */
    public ShapeOptions(boolean keepSize, boolean tile, TileStatistics tileStatistics, String alpha) {
        this(keepSize, tile, tileStatistics, alpha, false);
    }

    /** Of what the statistics of tiles are. */
    public TileStatistics statistics() {
        return tileStatistics == null ? TileStatistics.WHOLE : tileStatistics;
    }

    /** Whether translations are as large as their images. */
    public boolean isOfOwnSize() {
        return keepSize || tile;
    }

    /** What becomes of transparent pixels. */
    public Transparency transparency() {
        return switch (alpha) {
            case DROP -> Transparency.DROPPED;
            case KEEP -> Transparency.KEPT;
            default -> new Transparency(Integer.parseInt(alpha.substring(1), 16), false);
        };
    }

    /** How translations get their size, for the record of what they were made with and for people. */
    public String shape() {
        if (tile) {
            return "own size in tiles with the statistics of " + statistics().words();
        }
        return keepSize ? "own size" : TranslationRecord.NETWORK_SIZE;
    }
}
