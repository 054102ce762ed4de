package io.ugatit.input;

import java.util.List;
import java.util.Locale;

/** Which files are archives, by the endings of their names. What an archive is in truth its first bytes tell. */
public final class ArchiveName {
    private static final List<String> READ = List.of(".tar", ".tar.gz", ".tgz", ".zip");
    private static final List<String> NOT_READ = List.of(".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tar.lz4", ".7z", ".rar");

    private ArchiveName() {}

    /** Whether a file is an archive that is looked into: {@code .tar}, {@code .tar.gz}, {@code .tgz} or {@code .zip}. */
    public static boolean isRead(String name) {
        return endsLike(name, READ);
    }

    /** Whether a file is an archive of a kind that is not looked into. */
    public static boolean isOther(String name) {
        return endsLike(name, NOT_READ);
    }

    /**
     * Whether a file is an archive that stands for a folder.
     *
     * @param name a file's name without its folders
     * @param folder the folder's name
     */
    public static boolean standsFor(String name, String folder) {
        return name.startsWith(folder) && READ.contains(name.substring(folder.length()).toLowerCase(Locale.ROOT));
    }

    /** The endings of the archives that are read, in one line. */
    public static String endings() {
        return String.join(", ", READ);
    }

    static boolean isZip(String name) {
        return endsLike(name, List.of(".zip"));
    }

    private static boolean endsLike(String name, List<String> endings) {
        String small = name.toLowerCase(Locale.ROOT);
        for (String ending : endings) { // no stream: every file is asked
            if (small.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}
