package io.ugatit.translate.output;

import io.ugatit.dataset.Sha256;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.input.HiddenName;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Which translation each image becomes. */
public final class Plan {
    private static final String HEATMAP = ".heatmap.png";
    private static final int HASH_DIGITS = 12;

    private Plan() { }

    /**
     * Names the translations.
     *
     * @param images as they were listed, no two of the same path
     * @param kind what translations are kept in
     * @param format what they are written as
     * @param heatmaps whether there are files of them
     * @return in the order of the images
     * @throws InvalidRequestException if two images would become the same file; names them
     */
    public static List<PlannedImage> of(List<InputFile> images, OutputKind kind, ImageEncoder format, boolean heatmaps) {
        List<String> sources = images.stream().map(InputFile::path).toList();
        Map<String, String> names = switch (kind) {
            case FILES -> of(sources, format, heatmaps);
            case SHARDS -> inShards(sources, format);
            case TABLE -> null; // rows have the images' names
        };
        return images.stream().map(image -> new PlannedImage(image, names == null ? image.path() : names.get(image.path()))).toList();
    }

    /**
     * Names translations in WebDataset's shards, whose readers take the last name up to its first dot for the key: the image's relative path
     * without its extension, and what else has dots in the last name has underscores. Images that differ in the extension only keep it:
     * {@code x.png} and {@code x.jpg} become {@code x_png} and {@code x_jpg}. Those that would still have one key, as {@code x.y.jpg} and
     * {@code x_y.jpg} do, get the beginning of their path's SHA-256 too, since names in archives cannot be changed.
     */
    static Map<String, String> inShards(Collection<String> sources, ImageEncoder format) {
        Map<String, Integer> sameKey = new HashMap<>();
        sources.forEach(source -> sameKey.merge(key(stem(source)), 1, Integer::sum));
        Function<String, String> keys = source -> sameKey.get(key(stem(source))) > 1 ? key(source) : key(stem(source));
        Map<String, Integer> sameAgain = new HashMap<>();
        sources.forEach(source -> sameAgain.merge(keys.apply(source), 1, Integer::sum));
        Map<String, String> plan = new LinkedHashMap<>();
        Map<String, String> taken = new HashMap<>();
        for (String source : sources) {
            String key = keys.apply(source);
            String output = (sameAgain.get(key) > 1 ? key + "-" + hash(source) : key) + "." + format.extension();
            take(taken, output, source);
            plan.put(source, output);
        }
        return plan;
    }

    private static String hash(String source) {
        return Sha256.hex(source.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_DIGITS);
    }

    private static String key(String path) {
        int name = path.lastIndexOf('/') + 1;
        return path.substring(0, name) + path.substring(name).replace('.', '_');
    }

    /**
     * Why a name cannot be that of a file below a folder: it leads out, is none, or is one of those that hide files.
     *
     * @param name with {@code /} between folders
     * @return one line; null if it can
     */
    public static String wrongName(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "its name is no relative path of folders and a file, as a file of its translation needs";
            }
            if (HiddenName.reason(part) != null) {
                return HiddenName.reason(part);
            }
        }
        return null;
    }

    /**
     * Names files: the image's relative path with the format's extension in place of its own. Images that differ in nothing but
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
        if (folders.contains(LeftOutList.FILE)) {
            throw new InvalidRequestException("the input holds a folder " + LeftOutList.FILE + ", as the list of images is called that could"
                    + " not be translated: rename it");
        }
        Map<String, String> plan = new LinkedHashMap<>();
        Map<String, String> taken = new HashMap<>();
        for (String source : sources) {
            String output = stem(source) + "." + format.extension();
            if (sameStem.get(stem(source)) > 1 || folders.contains(output) || heatmaps && folders.contains(heatmap(output))) {
                output = source + "." + format.extension();
            }
            if (folders.contains(output)) {
                throw new InvalidRequestException("the input holds the folder " + output + " and " + source + ", which would become "
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
            throw new InvalidRequestException("the input holds " + other + " and " + source + ", which would both become " + output
                    + ": rename one of them");
        }
    }

    /**
     * Where the heatmap of a translation goes.
     *
     * @param output the translation's path
     */
    public static String heatmap(String output) {
        return output.substring(0, output.lastIndexOf('.')) + HEATMAP;
    }

    private static String stem(String source) {
        return ImageFormat.hasImageExtension(source) ? source.substring(0, source.lastIndexOf('.')) : source;
    }
}
