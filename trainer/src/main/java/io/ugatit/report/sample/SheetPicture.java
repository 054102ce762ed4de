package io.ugatit.report.sample;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A sample sheet as one small picture, for viewers that take no other.
 *
 * @param width pixels
 * @param height pixels
 * @param jpeg the file
 */
public record SheetPicture(int width, int height, byte[] jpeg) {
    /** Pixels of a tile's longer side; eight rows of four are then some hundred kilobytes. */
    private static final int TILE = 128;

    /**
     * Reads a sheet and makes it smaller: tiles side by side, without gutters.
     *
     * @param direction {@code a2b} or {@code b2a}
     * @throws io.ugatit.job.InvalidRequestException if the sheet is missing or damaged
     * @throws IOException if the file system fails
     */
    public static SheetPicture of(RunDirectory run, SampleIndex index, String direction) throws IOException {
        Direction shown = Direction.valueOf(direction.toUpperCase(Locale.ROOT));
        SheetReader sheet = new SheetReader(run, index, shown);
        double scale = Math.min(1, (double) TILE / Math.max(index.tileWidth(), index.tileHeight()));
        int tileWidth = (int) Math.max(1, Math.round(scale * index.tileWidth()));
        int tileHeight = (int) Math.max(1, Math.round(scale * index.tileHeight()));
        List<String> names = index.names(shown);
        int width = tileWidth * SheetLayout.COLUMNS;
        int height = tileHeight * names.size();
        byte[] pixels = new byte[3 * width * height];
        for (int row = 0; row < names.size(); row++) {
            for (int column = 0; column < SheetLayout.COLUMNS; column++) {
                byte[] tile = Resize.bilinear(sheet.tile(row, column), tileWidth, tileHeight).pixels();
                for (int y = 0; y < tileHeight; y++) {
                    System.arraycopy(tile, 3 * y * tileWidth, pixels, 3 * ((row * tileHeight + y) * width + column * tileWidth), 3 * tileWidth);
                }
            }
        }
        return new SheetPicture(width, height, ImageEncoder.JPEG.encode(new RgbImage(width, height, pixels)));
    }
}
