package io.ugatit.report.markup;

import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Images in rows and columns, as HTML that needs no styles and no files beside it: JPEG files of a few kilobytes are part of it.
 *
 * @param headings of the columns, from the left; empty for a table without
 * @param rows from the top; each has a tile for each column
 */
public record ImageTable(List<String> headings, List<List<Tile>> rows) {
    /** Pixels of the longer side that is stored at most; browsers would shrink what is larger. */
    private static final int MOST_STORED = 256;

    /** Copies the lists. */
    public ImageTable {
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /**
     * One place of the table.
     *
     * @param image empty where there is none
     * @param name what the image is of, for those who cannot see it, or why there is none
     */
    public record Tile(Optional<RgbImage> image, String name) {
        /** A place with an image. */
        public static Tile of(RgbImage image, String name) {
            return new Tile(Optional.of(image), name);
        }

        /** A place without. */
        public static Tile none(String why) {
            return new Tile(Optional.empty(), why);
        }
    }

    /**
     * The table, for a page or the output of a notebook's cell.
     *
     * @param side pixels of an image's longer side as it is shown, at least 1; small images are stored as they are and enlarged by whoever
     *     shows them
     */
    public String html(int side) {
        StringWriter table = new StringWriter();
        try {
            write(new Html(table), side);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return table.toString();
    }

    private void write(Html html, int side) throws IOException {
        html.raw("<table>\n");
        if (!headings.isEmpty()) {
            html.raw("<thead><tr>");
            for (String heading : headings) {
                html.raw("<th style=\"text-align:center\">").text(heading).raw("</th>");
            }
            html.raw("</tr></thead>\n");
        }
        html.raw("<tbody>\n");
        for (List<Tile> row : rows) {
            html.raw("<tr>");
            for (Tile tile : row) {
                html.raw("<td style=\"padding:2px\">");
                if (tile.image().isPresent()) {
                    image(html, tile.image().get(), side, tile.name());
                } else {
                    html.raw("<i>").text(tile.name()).raw("</i>");
                }
                html.raw("</td>");
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody>\n</table>\n");
    }

    private static void image(Html html, RgbImage image, int side, String name) throws IOException {
        RgbImage stored = fitted(image, Math.min(MOST_STORED, side));
        double scale = (double) side / Math.max(image.width(), image.height());
        html.raw("<img width=\"" + Math.max(1, Math.round(scale * image.width())) + "\" height=\""
                + Math.max(1, Math.round(scale * image.height())) + "\" alt=\"").text(name).raw("\" title=\"").text(name)
                .raw("\" src=\"data:image/jpeg;base64," + Base64.getEncoder().encodeToString(ImageEncoder.thumbnail(stored)) + "\"/>");
    }

    /** With no side longer than {@code most}. */
    private static RgbImage fitted(RgbImage image, int most) {
        double scale = Math.min(1, (double) most / Math.max(image.width(), image.height()));
        int width = (int) Math.max(1, Math.round(scale * image.width()));
        int height = (int) Math.max(1, Math.round(scale * image.height()));
        return Resize.bilinear(image, width, height);
    }
}
