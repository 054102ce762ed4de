package io.ugatit.report.sample;

import io.ugatit.image.RgbImage;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Composes rows of samples into one picture: source, attention over the source, translation, back-translation. Small images are enlarged
 * by a whole factor, each pixel becoming a square, so that nothing is shown which the network has not drawn. There is no text in the
 * picture (machines without fonts draw none): names and captions are in {@link SampleIndex} and on the report's page.
 */
public final class SampleSheet {
    private SampleSheet() {}

    /**
     * @param rows at least one; all images of one size
     * @return the sheet, with transparent gutters so that it suits a light and a dark page
     * @throws IllegalArgumentException if there are no rows or the sizes differ
     */
    public static BufferedImage compose(List<SampleRow> rows) {
        SheetLayout layout = layout(rows);
        BufferedImage sheet = new BufferedImage(layout.width(), layout.height(), BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < rows.size(); i++) {
            SampleRow row = rows.get(i);
            List<RgbImage> tiles = List.of(
                    row.source(), HeatmapColours.overlay(row.heatmap(), row.source()), row.translation(), row.backTranslation());
            for (int column = 0; column < tiles.size(); column++) {
                draw(tiles.get(column), sheet, layout, layout.x(column), layout.y(i));
            }
        }
        return sheet;
    }

    /** The layout of a sheet of these rows; throws as {@link #compose} does. */
    static SheetLayout layout(List<SampleRow> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("A sample sheet needs at least one row");
        }
        int width = rows.get(0).source().width();
        int height = rows.get(0).source().height();
        for (SampleRow row : rows) {
            if (row.source().width() != width || row.source().height() != height) {
                throw new IllegalArgumentException("Sample " + row.name() + " is " + row.source().width() + " x " + row.source().height()
                        + " but the sheet's first is " + width + " x " + height);
            }
        }
        int factor = SheetLayout.enlargement(width, height);
        return new SheetLayout(rows.size(), width * factor, height * factor);
    }

    private static void draw(RgbImage tile, BufferedImage sheet, SheetLayout layout, int left, int top) {
        int factor = layout.tileWidth() / tile.width();
        byte[] pixels = tile.pixels();
        int[] line = new int[layout.tileWidth()];
        for (int y = 0; y < layout.tileHeight(); y++) {
            for (int x = 0; x < line.length; x++) {
                int i = 3 * (y / factor * tile.width() + x / factor);
                line[x] = 0xff000000 | (pixels[i] & 0xff) << 16 | (pixels[i + 1] & 0xff) << 8 | (pixels[i + 2] & 0xff);
            }
            sheet.setRGB(left, top + y, line.length, 1, line, 0, line.length);
        }
    }
}
