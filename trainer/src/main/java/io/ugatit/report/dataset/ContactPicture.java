package io.ugatit.report.dataset;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import java.util.Arrays;
import java.util.List;

/** Contact sheets one below the other as one picture on white. There is no text in it: machines without fonts draw none. */
final class ContactPicture {
    private static final int TILE = 96;
    private static final int GAP = 4;
    /** Between sheets. */
    private static final int SPACE = 28;
    private static final byte WHITE = (byte) 0xff;

    private ContactPicture() {}

    /**
     * Draws sheets.
     *
     * @param sheets at least one with an image; without headings
     * @param columns images a row at most
     */
    static RgbImage of(List<ImageTable> sheets, int columns) {
        int rows = sheets.stream().mapToInt(sheet -> sheet.rows().size()).sum();
        int width = columns * (TILE + GAP) + GAP;
        int height = rows * (TILE + GAP) + GAP + (sheets.size() - 1) * SPACE;
        byte[] pixels = new byte[3 * width * height];
        Arrays.fill(pixels, WHITE);
        int top = GAP;
        for (ImageTable sheet : sheets) {
            for (List<Tile> row : sheet.rows()) {
                for (int column = 0; column < row.size(); column++) {
                    draw(Resize.bilinear(row.get(column).image().orElseThrow(), TILE, TILE), pixels, width, GAP + column * (TILE + GAP), top);
                }
                top += TILE + GAP;
            }
            top += SPACE;
        }
        return new RgbImage(width, height, pixels);
    }

    private static void draw(RgbImage tile, byte[] pixels, int width, int left, int top) {
        for (int y = 0; y < TILE; y++) {
            System.arraycopy(tile.pixels(), 3 * y * TILE, pixels, 3 * ((top + y) * width + left), 3 * TILE);
        }
    }
}
