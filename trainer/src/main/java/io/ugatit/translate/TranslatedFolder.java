package io.ugatit.translate;

/**
 * What a job did in one folder: with one direction and one checkpoint that is the output, else a folder in it.
 *
 * @param path the folder of the translations
 * @param model the safetensors file that the generator came from
 * @param label what people know the generator by, such as {@code a2b, step 1000}
 * @param translated images translated now
 * @param skipped images that an earlier run of the job had translated
 * @param rejected image files that could not be decoded or translated, and what this user may not read; {@code rejected.jsonl} in the
 *     folder says why
 * @param notImages files whose name and first bytes are not those of an image
 * @param hidden hidden files and folders
 * @param links links to nothing, or to a folder that is read under another name
 * @param noRegularFiles pipes, sockets and devices
 * @param metadataCut images translated now with metadata that is too long or damaged, in part at least, and was left out to that extent
 */
public record TranslatedFolder(String path, String model, String label, long translated, long skipped, long rejected, long notImages,
        long hidden, long links, long noRegularFiles, long metadataCut) { }
