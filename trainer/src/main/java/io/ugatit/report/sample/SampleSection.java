package io.ugatit.report.sample;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest samples of both directions, tile by tile, and a strip of how the same test images looked before.
 *
 * @param run whose they are
 * @param samples all complete ones, by step
 */
public record SampleSection(RunDirectory run, List<SampleIndex> samples) {
    private static final int STRIP_IMAGES = 6;
    /** Pixels of a strip's tiles on the longer side. */
    private static final int STRIP_SIDE = 96;
    private static final int TRANSLATION = SampleIndex.COLUMNS.indexOf("translation");
    private static final List<String> CAPTIONS = List.of("Source", "Attention", "Translation", "Back again");

    /**
     * Writes the section.
     *
     * @throws io.ugatit.job.InvalidRequestException if a sheet is missing or damaged
     * @throws IOException if the file system fails
     */
    public void write(Html html) throws IOException {
        html.section("samples", "Samples");
        if (samples.isEmpty()) {
            html.raw("<p class=\"none\">This run has no samples yet.</p>\n</section>\n");
            return;
        }
        SampleIndex newest = samples.get(samples.size() - 1);
        html.note("After step " + Figures.count(newest.step())
                + ". The generator's attention lies over the source, from blue (low) to red (high). Slide from source to translation; "
                + "an image of the table that is clicked is shown there.").raw("<div class=\"directions\">\n");
        for (Direction direction : Direction.values()) {
            sheet(html, newest, direction);
        }
        html.raw("</div>\n");
        if (samples.size() > 1) {
            html.raw("<h3>How they came about</h3>\n");
            for (Direction direction : Direction.values()) {
                strip(html, newest, direction);
            }
        }
        html.raw("</section>\n");
    }

    private void sheet(Html html, SampleIndex index, Direction direction) throws IOException {
        SheetReader sheet = new SheetReader(run, index, direction);
        html.raw("<div class=\"direction\">\n<h3>" + direction.inWords() + "</h3>\n");
        slider(html, direction);
        html.raw("<table class=\"sheet\" aria-label=\"" + direction.inWords() + "\">\n<thead><tr>");
        for (String caption : CAPTIONS) {
            html.raw("<th scope=\"col\">" + caption + "</th>");
        }
        html.raw("</tr></thead>\n");
        List<String> names = index.names(direction);
        for (int row = 0; row < names.size(); row++) {
            html.raw("<tbody>\n<tr>");
            for (int column = 0; column < CAPTIONS.size(); column++) {
                html.raw("<td>");
                image(html, ImageEncoder.PNG.encode(sheet.tile(row, column)), "png", index.tileWidth(), index.tileHeight(),
                        CAPTIONS.get(column) + " of " + names.get(row) + ", " + direction.inWords());
                html.raw("</td>");
            }
            html.raw("</tr>\n<tr><th scope=\"rowgroup\" colspan=\"4\">").text(names.get(row)).raw("</th></tr>\n</tbody>\n");
        }
        html.raw("</table>\n</div>\n");
    }

    /** Hidden until the page's script has put the images in, which it takes from the table. */
    private static void slider(Html html, Direction direction) throws IOException {
        html.raw("<div class=\"wipe\" hidden=\"hidden\">\n<div class=\"frame\"><div class=\"pane\"></div>"
                + "<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" aria-label=\"How much of the source is shown, " + direction.inWords()
                + "\"/></div>\n<p><button type=\"button\" class=\"before\" aria-label=\"Image before\">&#8592;</button> "
                + "<span class=\"shown\"></span> <button type=\"button\" class=\"next\" aria-label=\"Next image\">&#8594;</button></p>\n</div>\n");
    }

    private void strip(Html html, SampleIndex newest, Direction direction) throws IOException {
        List<String> names = newest.names(direction).subList(0, Math.min(STRIP_IMAGES, newest.names(direction).size()));
        List<SampleIndex> shown = SampleStrips.spread(samples);
        // by image, then by column: JPEGs of a few kilobytes; only one sheet is open at a time
        Map<String, List<Thumbnail>> films = new LinkedHashMap<>();
        names.forEach(name -> films.put(name, new ArrayList<>()));
        for (SampleIndex index : shown) {
            SheetReader sheet = new SheetReader(run, index, direction);
            for (String name : films.keySet()) {
                int row = index.names(direction).indexOf(name);
                films.get(name).add(row < 0 ? null : thumbnail(sheet.tile(row, TRANSLATION)));
            }
        }
        SheetReader sheet = new SheetReader(run, newest, direction);
        html.scroll(direction.inWords() + " over the steps");
        html.raw("<table class=\"strip\">\n<caption>" + direction.inWords() + "</caption>\n<thead><tr><th scope=\"col\">Source</th>");
        for (SampleIndex index : shown) {
            html.raw("<th scope=\"col\">" + Figures.count(index.step()) + "</th>");
        }
        html.raw("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < names.size(); row++) {
            String name = names.get(row);
            html.raw("<tr><th scope=\"row\">");
            image(html, thumbnail(sheet.tile(row, 0)), "Source " + name);
            html.raw("</th>");
            List<Thumbnail> film = films.get(name);
            for (int column = 0; column < shown.size(); column++) {
                html.raw("<td>");
                if (film.get(column) == null) {
                    html.raw("<span class=\"none\">not drawn</span>");
                } else {
                    image(html, film.get(column), name + " after step " + Figures.count(shown.get(column).step()));
                }
                html.raw("</td>");
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody>\n</table>\n</div>\n");
    }

    private static Thumbnail thumbnail(RgbImage tile) {
        double scale = Math.min(1, (double) STRIP_SIDE / Math.max(tile.width(), tile.height()));
        int width = (int) Math.max(1, Math.round(tile.width() * scale));
        int height = (int) Math.max(1, Math.round(tile.height() * scale));
        return new Thumbnail(ImageEncoder.JPEG.encode(Resize.bilinear(tile, width, height)), width, height);
    }

    private static void image(Html html, Thumbnail thumbnail, String alt) throws IOException {
        image(html, thumbnail.jpeg(), "jpeg", thumbnail.width(), thumbnail.height(), alt);
    }

    private static void image(Html html, byte[] file, String format, int width, int height, String alt) throws IOException {
        html.raw("<img width=\"" + width + "\" height=\"" + height + "\" alt=\"").text(alt)
                .raw("\" src=\"data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(file) + "\"/>");
    }

    private record Thumbnail(byte[] jpeg, int width, int height) {}
}
