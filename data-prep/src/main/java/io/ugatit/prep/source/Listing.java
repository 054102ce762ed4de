package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageFormat;
import io.ugatit.input.FolderContents;
import io.ugatit.input.LeftOut;
import io.ugatit.input.PathOrder;
import io.ugatit.input.SourceReader;
import io.ugatit.input.UnusableFileException;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.util.Comparator;
import java.util.List;

/**
 * What one of the four input folders holds.
 *
 * @param domain the folder's domain
 * @param split the folder's split
 * @param files the regular files, those of archives too, ordered by source
 * @param leftOut what else is there, ordered by source
 */
public record Listing(Domain domain, Split split, List<SourceFile> files, List<LeftOut> leftOut) {
    /** If none of so many files without an image's extension begins like an image, no image is expected. */
    private static final int FILES_TO_LOOK_INTO = 1000;

    /** Puts both lists in order. */
    public Listing {
        files = files.stream().sorted(Comparator.comparing(SourceFile::source, PathOrder.BY_CODE_POINT)).toList();
        leftOut = leftOut.stream().sorted(Comparator.comparing(LeftOut::source, PathOrder.BY_CODE_POINT).thenComparing(LeftOut::reason))
                .toList();
    }

    /** Whether nothing is there at all. */
    boolean isEmpty() {
        return files.isEmpty() && leftOut.isEmpty();
    }

    /** The folder's name. */
    String folder() {
        return SourceFile.folder(domain, split);
    }

    /** For messages, such as {@code trainA 12}. */
    String summary() {
        return folder() + " " + files.size();
    }

    /**
     * Makes sure that there is something to learn from.
     *
     * @param reader of the input
     * @param input what the message calls the input
     * @return this
     * @throws InvalidRequestException if it is a train folder without an image
     * @throws IOException if the file system does not answer
     */
    Listing requireImages(SourceReader reader, String input) throws IOException {
        if (split == Split.TRAIN && !holdsImages(reader)) {
            throw new InvalidRequestException(input + ": " + folder() + " holds no images (" + ImageFormat.names() + ")"
                    + (leftOut.isEmpty() ? "" : "; left out are " + FolderContents.examples(leftOut)));
        }
        return this;
    }

    private boolean holdsImages(SourceReader reader) throws IOException {
        if (files.stream().anyMatch(file -> file.sha256() != null || ImageFormat.hasImageExtension(file.source()))) {
            return true;
        }
        for (SourceFile file : files.subList(0, Math.min(files.size(), FILES_TO_LOOK_INTO))) {
            if (file.isLookedAt()) {
                continue;
            }
            try (InputStream in = file.open(reader)) {
                if (ImageFormat.isImage(in.readNBytes(ImageFormat.MAGIC_LENGTH), file.source())) {
                    return true;
                }
            } catch (UnusableFileException | AccessDeniedException e) {
                return true; // perhaps: the job is going to name it with its reason
            }
        }
        return false;
    }
}
