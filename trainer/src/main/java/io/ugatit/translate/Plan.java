package io.ugatit.translate;

import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.job.InvalidRequestException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which translation each image becomes. */
final class Plan {
    private static final String HEATMAP = ".heatmap.png";

    private Plan() { }

    /**
     * Names the translations: the image's relative path with the format's extension in place of its own. Images that differ in nothing but
     * the extension keep it: {@code x.png} and {@code x.jpg} become {@code x.png.png} and {@code x.jpg.png}.
     *
     * @param sources relative paths, no two the same
     * @return the translations' relative paths by source, in the order of the sources
     * @throws InvalidRequestException if two images would still become the same file
     */
    static Map<String, String> of(Collection<String> sources, ImageEncoder format, boolean heatmaps) {
        Map<String, Integer> sameStem = new HashMap<>();
        sources.forEach(source -> sameStem.merge(stem(source), 1, Integer::sum));
        Map<String, String> plan = new LinkedHashMap<>();
        Map<String, String> taken = new HashMap<>();
        for (String source : sources) {
            String stem = sameStem.get(stem(source)) > 1 ? source : stem(source);
            String output = stem + "." + format.extension();
            take(taken, output, source);
            if (heatmaps) {
                take(taken, heatmap(output), source);
            }
            plan.put(source, output);
        }
        return plan;
    }

    private static void take(Map<String, String> taken, String output, String source) {
        String other = taken.put(output, source);
        if (other != null) {
            throw new InvalidRequestException("--input holds " + other + " and " + source + ", which would both become " + output
                    + ": rename one of them");
        }
    }

    /** Where the heatmap of a translation goes. */
    static String heatmap(String output) {
        return output.substring(0, output.lastIndexOf('.')) + HEATMAP;
    }

    private static String stem(String source) {
        return ImageFormat.hasImageExtension(source) ? source.substring(0, source.lastIndexOf('.')) : source;
    }
}
