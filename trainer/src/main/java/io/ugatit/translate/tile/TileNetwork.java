package io.ugatit.translate.tile;

import io.ugatit.image.RgbImage;
import io.ugatit.model.GeneratorStatistics;
import java.util.Optional;

/** The network that draws tiles. Used by one thread. */
public interface TileNetwork {
    /**
     * A whole picture, scaled to the network's size.
     *
     * @param image its translation, of the network's size
     * @param heatmap gray, as large as the image
     * @param statistics that it was normalised with, until {@link #recycle}
     */
    record Overview(RgbImage image, RgbImage heatmap, GeneratorStatistics statistics) { }

    /** Height and width of the network's images in pixels. */
    int size();

    /**
     * Translates an image parts of which are to follow.
     *
     * @param image of the network's size
     * @return empty if the network's output is not finite
     */
    Optional<Overview> overview(RgbImage image);

    /**
     * Translates a part of a picture.
     *
     * @param tile of the network's size
     * @param statistics of the picture; null for the tile's own
     * @return (3,S,S), about in [-1, 1]; empty if not finite
     */
    Optional<float[]> draw(RgbImage tile, GeneratorStatistics statistics);

    /** Ends what {@link #overview} has begun. */
    void recycle();
}
