package io.ugatit.translate.sheet;

import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.Page;
import java.io.IOException;
import java.util.List;

/**
 * Images in rows, their translations by one generator after the other in columns, as a page that is one file.
 *
 * @param name what translated
 * @param summary one or two sentences
 * @param sections a table for each direction
 */
public record ComparisonSheet(String name, String summary, List<Section> sections) {
    /** The most rows of a table. */
    public static final int MOST_ROWS = 32;
    /** Pixels of an image's longer side as it is shown. */
    private static final int SIDE = 256;
    /** The same where columns are many. */
    private static final int SMALL_SIDE = 160;
    /** What a wide screen shows without scrolling. */
    private static final int WIDE_COLUMNS = 5;

    /**
     * The images of one direction.
     *
     * @param id in small letters
     * @param title the direction, for people
     * @param table with headings; its tiles' names are the images'
     */
    public record Section(String id, String title, ImageTable table) { }

    /**
     * An image as it is kept for the page.
     *
     * @param image of any size
     * @return with no side longer than it is shown; the same image if it is that already
     */
    public static RgbImage shrunk(RgbImage image) {
        int longer = Math.max(image.width(), image.height());
        return longer <= SIDE ? image : Resize.bilinear(image, shrunk(image.width(), longer), shrunk(image.height(), longer));
    }

    /** The bytes that {@link #shrunk} takes beside an image of this height, at most. */
    public static long shrinkingBytes(int height) {
        return 3L * SIDE * (height + SIDE);
    }

    private static int shrunk(int length, int longer) {
        return (int) Math.max(1, Math.round((double) length * SIDE / longer));
    }

    /**
     * Writes the page.
     *
     * @throws IOException if it cannot be written
     */
    public void write(Html html) throws IOException {
        new Page("U-GAT-IT translations", name, summary, false).write(html, body -> {
            for (Section section : sections) {
                int side = section.table().headings().size() <= WIDE_COLUMNS ? SIDE : SMALL_SIDE;
                body.section(section.id(), section.title()).scroll(section.title()).raw(section.table().html(side)).raw("</div>\n</section>\n");
            }
        });
    }
}
