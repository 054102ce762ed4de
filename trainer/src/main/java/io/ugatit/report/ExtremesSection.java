package io.ugatit.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.RunFiles;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.Html;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * The test images whose translations look least and most real, of the newest evaluation; of several of one step that of the extractor whose
 * name comes first. Nothing if there was none.
 */
record ExtremesSection(RunDirectory run) {
    private static final Pattern NAME = Pattern.compile("step-([0-9]{8})-([A-Za-z0-9-]+)-extremes\\.jsonl");
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_LINES = 64;
    private static final int MOST_PIXELS = 256 * 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Picture(byte[] jpeg, int width, int height) { }

    private record Extreme(String direction, boolean worst, String image, double realism, Picture source, Picture translation) { }

    /** @throws InvalidRequestException if the file is not what evaluate writes; the message names it */
    void write(Html html) throws IOException {
        Optional<Path> newest = newest();
        if (newest.isEmpty()) {
            return;
        }
        List<Extreme> extremes = read(newest.get());
        Matcher name = NAME.matcher(newest.get().getName());
        name.matches();
        html.section("extremes", "Worst and best translations");
        html.note("Of the test images that were evaluated after step " + Figures.count(Long.parseLong(name.group(1))) + ", by the realism of "
                        + name.group(2) + ": from 1 on, a translation is as near to a real image as real images are to each other.");
        for (Direction direction : Direction.values()) {
            strip(html, direction.inWords() + ", the least real", pick(extremes, direction, true));
            strip(html, direction.inWords() + ", the most real", pick(extremes, direction, false));
        }
        html.raw("</section>\n");
    }

    /** Names of one step sort by their extractors. */
    private Optional<Path> newest() throws IOException {
        Path newest = null;
        String step = "";
        for (Path path : RunFiles.list(run.configuration(), run.evaluation(), "-extremes.jsonl")) {
            Matcher name = NAME.matcher(path.getName());
            if (name.matches() && (newest == null || !name.group(1).equals(step))) {
                newest = path;
                step = name.group(1);
            }
        }
        return Optional.ofNullable(newest);
    }

    private static List<Extreme> pick(List<Extreme> extremes, Direction direction, boolean worst) {
        return extremes.stream().filter(image -> image.direction().equals(direction.word()) && image.worst() == worst).toList();
    }

    private List<Extreme> read(Path path) throws IOException {
        String[] lines = new String(RunFiles.read(run.configuration(), path, MOST_BYTES), StandardCharsets.UTF_8).split("\n");
        if (lines.length > MOST_LINES) {
            throw new InvalidRequestException(path + " has " + lines.length + " lines, at most " + MOST_LINES
                    + " are right; delete it, or run evaluate again");
        }
        List<Extreme> extremes = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            try {
                JsonNode line = JSON.readTree(lines[i]);
                double realism = line.path("realism").asDouble(-1);
                if (!(realism >= 0 && realism < Double.POSITIVE_INFINITY) || !line.path("image").isTextual()) {
                    throw new IllegalArgumentException("realism or image is missing or wrong");
                }
                extremes.add(new Extreme(line.path("direction").asText(), line.path("worst").asBoolean(), line.path("image").asText(), realism,
                        picture(line, "source"), picture(line, "translation")));
            } catch (JacksonException | ImageFormatException | IllegalArgumentException e) {
                throw new InvalidRequestException(path + " is damaged in line " + (i + 1) + ": "
                        + (e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage())
                        + "; delete it, or run evaluate again", e);
            }
        }
        return extremes;
    }

    /** Decoded to see that it is an image, and how large. */
    private static Picture picture(JsonNode line, String key) throws ImageFormatException {
        byte[] jpeg = Base64.getDecoder().decode(line.path(key).asText());
        RgbImage image = new ImageDecoder(MOST_PIXELS).decode(jpeg);
        return new Picture(jpeg, image.width(), image.height());
    }

    private static void strip(Html html, String caption, List<Extreme> extremes) throws IOException {
        if (extremes.isEmpty()) {
            return;
        }
        html.scroll(caption).raw("<table class=\"strip\">\n<caption>")
                .text(caption).raw("</caption>\n<thead><tr><th scope=\"col\">Image</th><th scope=\"col\">Realism</th><th scope=\"col\">Source</th>"
                        + "<th scope=\"col\">Translation</th></tr></thead>\n<tbody>\n");
        for (Extreme image : extremes) {
            html.raw("<tr><th scope=\"row\">").text(image.image()).raw("</th><td>" + Figures.compact(image.realism()) + "</td><td>");
            picture(html, image.source(), "Source " + image.image());
            html.raw("</td><td>");
            picture(html, image.translation(), "Translation of " + image.image());
            html.raw("</td></tr>\n");
        }
        html.raw("</tbody>\n</table>\n</div>\n");
    }

    private static void picture(Html html, Picture picture, String alt) throws IOException {
        html.raw("<img width=\"" + picture.width() + "\" height=\"" + picture.height() + "\" alt=\"").text(alt)
                .raw("\" src=\"data:image/jpeg;base64," + Base64.getEncoder().encodeToString(picture.jpeg()) + "\"/>");
    }
}
