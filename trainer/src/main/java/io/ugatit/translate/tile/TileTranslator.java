package io.ugatit.translate.tile;

import io.ugatit.image.FittedImage;
import io.ugatit.image.RgbImage;
import io.ugatit.model.GeneratorStatistics;
import java.util.Optional;

/**
 * Translates pictures in their own resolution, in overlapping tiles of the network's size. A picture smaller than a tile is seen mirrored
 * around.
 *
 * @param network that draws them
 * @param statistics of what the statistics are
 * @param heatmaps whether they are wanted; they are of the whole picture, scaled to the network's size
 */
public record TileTranslator(TileNetwork network, TileStatistics statistics, boolean heatmaps) {

    /**
     * One translation.
     *
     * @param image as large as the picture
     * @param heatmap of the network's size; none if it is not wanted
     */
    public record Translation(RgbImage image, Optional<RgbImage> heatmap) { }

    /**
     * The most bytes that a translation takes beside a picture.
     *
     * @param width of the picture in pixels
     * @param height of the picture in pixels
     */
    public long bytes(int width, int height) {
        long tile = (3L + 3 * Float.BYTES) * network.size() * network.size();
        return tile + TileBlend.bytes(new TileAxis(width, network.size()), new TileAxis(height, network.size()));
    }

    /**
     * Translates a picture.
     *
     * @param picture the network's view of it, and itself
     * @return empty if the network's output is not finite
     */
    public Optional<Translation> translate(FittedImage picture) {
        Optional<TileNetwork.Overview> overview = Optional.empty();
        if (heatmaps || statistics == TileStatistics.WHOLE) {
            overview = network.overview(picture.square());
            if (overview.isEmpty()) {
                network.recycle();
                return Optional.empty();
            }
        }
        GeneratorStatistics ofAll = statistics == TileStatistics.WHOLE ? overview.get().statistics() : null;
        Optional<RgbImage> image = blend(picture.part(), ofAll);
        network.recycle();
        Optional<RgbImage> heatmap = heatmaps ? overview.map(TileNetwork.Overview::heatmap) : Optional.empty();
        return image.map(blended -> new Translation(blended, heatmap));
    }

    private Optional<RgbImage> blend(RgbImage picture, GeneratorStatistics ofAll) {
        TileAxis across = new TileAxis(picture.width(), network.size());
        TileAxis down = new TileAxis(picture.height(), network.size());
        TileBlend blend = new TileBlend(across, down);
        for (int row = 0; row < down.count(); row++) {
            for (int column = 0; column < across.count(); column++) {
                Optional<float[]> drawn = network.draw(cut(picture, across.start(column), down.start(row)), ofAll);
                if (drawn.isEmpty()) {
                    return Optional.empty();
                }
                blend.add(column, row, drawn.get());
            }
            blend.finish(row);
        }
        return Optional.of(blend.image());
    }

    private RgbImage cut(RgbImage picture, int left, int top) {
        int size = network.size();
        if (left >= 0 && top >= 0) {
            return picture.crop(left, top, size, size);
        }
        byte[] tile = new byte[3 * size * size];
        int o = 0;
        for (int y = top; y < top + size; y++) {
            int row = mirrored(y, picture.height()) * picture.width();
            for (int x = left; x < left + size; x++) {
                System.arraycopy(picture.pixels(), 3 * (row + mirrored(x, picture.width())), tile, o, 3);
                o += 3;
            }
        }
        return new RgbImage(size, size, tile);
    }

    /** Where a place is found again that lies beyond either end, as often as need be; the ends themselves are not repeated. */
    static int mirrored(int at, int length) {
        if (length == 1) {
            return 0;
        }
        int period = 2 * (length - 1);
        int inPeriod = Math.floorMod(at, period);
        return Math.min(inPeriod, period - inPeriod);
    }
}
