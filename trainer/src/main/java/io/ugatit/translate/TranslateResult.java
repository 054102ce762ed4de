package io.ugatit.translate;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What the translation job did.
 *
 * @param output the folder of the translations
 * @param shape how translations got their size; in tiles, of what the statistics are
 * @param folders the output, or the folders in it by checkpoint and direction
 * @param sheet the page that shows some of them; none if it was not asked for
 * @param seconds how long the job took
 */
public record TranslateResult(String output, String shape, List<TranslatedFolder> folders, Optional<String> sheet, double seconds) {

    /** Translations made now, in all folders. */
    public long translated() {
        return sum(TranslatedFolder::translated);
    }

    /** Translations that an earlier run of the job had made, in all folders. */
    public long skipped() {
        return sum(TranslatedFolder::skipped);
    }

    /** Image files that could not be decoded or translated, counted for each folder. */
    public long rejected() {
        return sum(TranslatedFolder::rejected);
    }

    /** Files that are no images, counted for each folder. */
    public long notImages() {
        return sum(TranslatedFolder::notImages);
    }

    /** Hidden files and folders, counted for each folder. */
    public long hidden() {
        return sum(TranslatedFolder::hidden);
    }

    /** Links to nothing, or to a folder that is read under another name, counted for each folder. */
    public long links() {
        return sum(TranslatedFolder::links);
    }

    /** Pipes, sockets and devices, counted for each folder. */
    public long noRegularFiles() {
        return sum(TranslatedFolder::noRegularFiles);
    }

    /** Translations made now without all metadata that was to be kept. */
    public long metadataCut() {
        return sum(TranslatedFolder::metadataCut);
    }

    private long sum(ToLongFunction<TranslatedFolder> count) {
        return folders.stream().mapToLong(count).sum();
    }
}
