package io.ugatit.input;

import java.util.Set;
import java.util.regex.Pattern;

/** Which names are hidden. An underscore alone does not hide: cameras begin names with it. */
public final class HiddenName {
    /** Folders and files that Hadoop, its committers, Spark, Delta, translate and, in zip archives, macOS put beside data. */
    private static final Set<String> MARKERS = Set.of("_SUCCESS", "_temporary", "_metadata", "_common_metadata", "_spark_metadata",
            "_delta_log", "__magic", "_translation.json", "__MACOSX");
    /** Databricks' transactions, the magic committer's jobs, and files that {@code hdfs dfs -put} has not finished. */
    private static final Pattern NUMBERED_MARKER = Pattern.compile("_(started|committed)_[^.]+|__magic_job-.*|.*\\._COPYING_");

    private HiddenName() {}

    /**
     * Why a file or folder of this name is hidden.
     *
     * @param name without its folders
     * @return one line; null if it is not
     */
    public static String reason(String name) {
        if (name.startsWith(".")) {
            return "hidden: its name begins with a dot";
        }
        return MARKERS.contains(name) || NUMBERED_MARKER.matcher(name).matches() ? "hidden: a marker of the program that wrote the folder"
                : null;
    }
}
