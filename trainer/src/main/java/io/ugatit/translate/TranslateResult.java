package io.ugatit.translate;

/**
 * What the translation job did.
 *
 * @param output the folder of the translations
 * @param model the safetensors file that the generator came from
 * @param shape how translations got their size; in tiles, of what the statistics are
 * @param translated images translated now
 * @param skipped images that an earlier run of the job had translated
 * @param rejected image files that could not be decoded or translated, and what this user may not read; {@code rejected.jsonl} in the
 *     output says why
 * @param notImages files whose name and first bytes are not those of an image
 * @param hidden hidden files and folders
 * @param links links to nothing, or to a folder that is read under another name
 * @param noRegularFiles pipes, sockets and devices
 * @param seconds how long the job took
 */
public record TranslateResult(String output, String model, String shape, long translated, long skipped, long rejected, long notImages,
        long hidden, long links, long noRegularFiles, double seconds) { }
