package io.ugatit.prep;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.image.ImageFormat;
import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The folder with trainA, trainB, testA, testB: what it holds by name and length, and whether that can become a dataset. */
final class InputFolder {
    /** If none of so many files without an image's extension begins like an image, no image is expected. */
    private static final int FILES_TO_LOOK_INTO = 1000;

    /** By code point, the order of UTF-8 bytes and of other languages, which {@link String#compareTo} is not beyond 16 bits. */
    private static final Comparator<String> BY_CODE_POINT = InputFolder::compareCodePoints;

    private final FileSystem fs;
    private final Path input;

    InputFolder(FileSystem fs, Path input) {
        this.fs = fs;
        this.input = input;
    }

    /**
     * Lists a domain and split. Hidden files and folders ({@code .x}, {@code _x}) are left out.
     *
     * @return the files, ordered by source; empty if the folder does not exist and need not
     * @throws InvalidRequestException if the folder is missing but needed, or holds no image
     * @throws IOException if the file system does not answer
     */
    List<SourceFile> list(Domain domain, Split split) throws IOException {
        String folder = SourceFile.folder(domain, split);
        Path root = new Path(input, folder);
        FileStatus status;
        try {
            status = fs.getFileStatus(root);
        } catch (FileNotFoundException e) {
            if (split == Split.TEST) {
                return List.of();
            }
            throw new InvalidRequestException("--input is " + input + ": " + folder
                    + " is missing; trainA and trainB are needed, testA and testB are welcome", e);
        }
        if (!status.isDirectory()) {
            throw new InvalidRequestException("--input is " + input + ": " + folder + " is not a folder");
        }
        List<SourceFile> files = walk(root, domain, split);
        if (split == Split.TRAIN && !holdsImages(files)) {
            throw new InvalidRequestException("--input is " + input + ": " + folder + " holds no images (" + ImageFormat.names() + ")");
        }
        files.sort(Comparator.comparing(SourceFile::source, BY_CODE_POINT));
        return files;
    }

    /** Says that the input itself exists, before its folders are looked for. */
    void requireExists() throws IOException {
        if (!fs.exists(input)) {
            throw new InvalidRequestException("--input is " + input + ": there is no such folder");
        }
    }

    private List<SourceFile> walk(Path root, Domain domain, Split split) throws IOException {
        int prefix = fs.makeQualified(root).toUri().getPath().length() + 1;
        List<SourceFile> files = new ArrayList<>();
        Deque<Path> folders = new ArrayDeque<>(List.of(root));
        while (!folders.isEmpty()) {
            RemoteIterator<FileStatus> entries = fs.listStatusIterator(folders.pop());
            while (entries.hasNext()) {
                FileStatus entry = entries.next();
                String name = entry.getPath().getName();
                if (name.startsWith(".") || name.startsWith("_")) {
                    continue;
                }
                if (entry.isDirectory()) {
                    folders.push(entry.getPath());
                    continue;
                }
                String source = entry.getPath().toUri().getPath().substring(prefix);
                if (source.indexOf('\ufffd') >= 0) {
                    throw new InvalidRequestException("the file name " + SourceFile.folder(domain, split) + "/" + source
                            + " cannot be read in this locale: set LC_ALL=C.UTF-8");
                }
                files.add(new SourceFile(domain, split, source, entry.getLen()));
            }
        }
        return files;
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
            }
        }
        return false;
    }

    private static int compareCodePoints(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }
}
