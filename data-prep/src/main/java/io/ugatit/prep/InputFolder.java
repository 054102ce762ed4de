package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageFormat;
import io.ugatit.input.FolderContents;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.PathOption;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The folder with trainA, trainB, testA, testB: what it holds by name and length, and whether that can become a dataset. */
final class InputFolder {
    /** If none of so many files without an image's extension begins like an image, no image is expected. */
    private static final int FILES_TO_LOOK_INTO = 1000;

    private final FileSystem fs;
    private final Path input;

    /**
     * Makes sure that nothing is written among the images.
     *
     * @param input the folder with trainA and the others, fully qualified
     * @param output fully qualified
     * @param what the message calls the output
     * @throws InvalidRequestException if it is in one of them: its files would be taken for images the next time
     */
    static void requireOutside(Path input, Path output, String what) {
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                Path images = new Path(input, SourceFile.folder(domain, split));
                if (PathOption.isInside(output, images)) {
                    throw new InvalidRequestException(what + " is " + output + ": must be outside " + images + ", whose images are read");
                }
            }
        }
    }

    InputFolder(FileSystem fs, Path input) {
        this.fs = fs;
        this.input = input;
    }

    /**
     * Lists a domain and split.
     *
     * @return nothing if the folder does not exist and need not
     * @throws InvalidRequestException if the folder is missing but needed, or holds no image
     * @throws IOException if the file system does not answer
     */
    Listing list(Domain domain, Split split) throws IOException {
        String folder = SourceFile.folder(domain, split);
        Path root = new Path(input, folder);
        FolderContents contents;
        try {
            if (!fs.getFileStatus(root).isDirectory()) {
                throw new InvalidRequestException("--input is " + input + ": " + folder + " is not a folder");
            }
            contents = FolderContents.of(fs, root, folder + "/");
        } catch (FileNotFoundException e) {
            if (PathOption.isBrokenLink(fs, root)) {
                throw new InvalidRequestException("--input is " + input + ": " + folder + " is a link to nothing", e);
            }
            if (split == Split.TEST) {
                return new Listing(domain, split, List.of(), List.of());
            }
            throw new InvalidRequestException("--input is " + input + ": " + folder
                    + " is missing; trainA and trainB are needed, testA and testB are welcome", e);
        } catch (AccessDeniedException e) {
            throw new InvalidRequestException("--input is " + input + ": no permission to list " + folder, e);
        }
        List<SourceFile> files = new ArrayList<>();
        contents.files().forEach(file -> files.add(new SourceFile(domain, split, file.path(), file.length(), file.modified())));
        if (split == Split.TRAIN && !holdsImages(files)) {
            throw new InvalidRequestException("--input is " + input + ": " + folder + " holds no images (" + ImageFormat.names() + ")"
                    + (contents.leftOut().isEmpty() ? "" : "; left out are " + contents.examples()));
        }
        return new Listing(domain, split, files, contents.leftOut());
    }

    /** Says that the input itself exists, before its folders are looked for. */
    void requireExists() throws IOException {
        if (!fs.exists(input)) {
            throw new InvalidRequestException("--input is " + input + ": there is no such folder");
        }
    }

    /** The names in the input that are none of its four folders, such as a misspelt {@code testa}, in order; hidden ones do not count. */
    Set<String> others() throws IOException {
        Set<String> names = new TreeSet<>();
        for (FileStatus entry : fs.listStatus(input, path -> !path.getName().startsWith("."))) {
            names.add(entry.getPath().getName());
        }
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                names.remove(SourceFile.folder(domain, split));
            }
        }
        return names;
    }

    private boolean holdsImages(List<SourceFile> files) throws IOException {
        if (files.stream().anyMatch(file -> ImageFormat.hasImageExtension(file.source()))) {
            return true;
        }
        for (SourceFile file : files.subList(0, Math.min(files.size(), FILES_TO_LOOK_INTO))) {
            try (FSDataInputStream in = file.open(input, fs.getConf())) {
                if (ImageFormat.isImage(in.readNBytes(ImageFormat.MAGIC_LENGTH), file.source())) {
                    return true;
                }
            } catch (AccessDeniedException e) {
                return true; // perhaps: the job is going to name it with its reason
            }
        }
        return false;
    }
}
