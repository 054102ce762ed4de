package io.ugatit.translate.output;

import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.job.InvalidRequestException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which translation each image becomes. */
final class Plan {
    private static final String HEATMAP = ".heatmap.png";

    private Plan() { }

    /**
     * Names the translations: the image's relative path with the format's extension in place of its own. Images that differ in nothing but
     * the extension keep it: {@code x.png} and {@code x.jpg} become {@code x.png.png} and {@code x.jpg.png}. So does {@code x.jpg} beside a
     * folder {@code x.png}.
     *
     * @param sources relative paths, no two the same
     * @return the translations' relative paths by source, in the order of the sources
     * @throws InvalidRequestException if two images would still become the same file
     */
    static Map<String, String> of(Collection<String> sources, ImageEncoder format, boolean heatmaps) {
        Map<String, Integer> sameStem = new HashMap<>();
        sources.forEach(source -> sameStem.merge(stem(source), 1, Integer::sum));
        Set<String> folders = folders(sources);
        Map<String, String> plan = new LinkedHashMap<>();
        Map<String, String> taken = new HashMap<>();
        for (String source : sources) {
            String output = stem(source) + "." + format.extension();
            if (sameStem.get(stem(source)) > 1 || folders.contains(output) || heatmaps && folders.contains(heatmap(output))) {
                output = source + "." + format.extension();
            }
            if (folders.contains(output)) {
                throw new InvalidRequestException("--input holds the folder " + output + " and " + source + ", which would become "
                        + output + " too: rename one of them");
            }
            take(taken, output, source);
            if (heatmaps) {
                take(taken, heatmap(output), source);
            }
            plan.put(source, output);
        }
        return plan;
    }

    /** All that the sources lie in, however deep. */
    private static Set<String> folders(Collection<String> sources) {
        Set<String> folders = new HashSet<>();
        for (String source : sources) {
            int end = source.lastIndexOf('/');
            while (end > 0 && folders.add(source.substring(0, end))) {
                end = source.lastIndexOf('/', end - 1);
            }
        }
        return folders;
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
