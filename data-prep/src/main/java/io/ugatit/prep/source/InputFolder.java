package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.ArchiveName;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.PathOption;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The folder with trainA, trainB, testA, testB: what it holds by name and length. Each may be a folder or an archive in its place. */
final class InputFolder {
    private final FileSystem fs;
    private final Path input;

    /**
     * What is to be found for a domain and split.
     *
     * @param inPlace the archive that stands for the folder; null if there is none
     * @param contents what the folder holds, archives not opened
     */
    private record Folder(Domain domain, Split split, InputFile inPlace, FolderContents contents) {
        String name() {
            return SourceFile.folder(domain, split);
        }

        Stream<InputFile> archives() {
            return inPlace != null ? Stream.of(inPlace) : contents.files().stream().filter(file -> ArchiveName.isRead(file.path()))
                    .map(file -> new InputFile(name() + "/" + file.path(), file.length(), file.modified()));
        }
    }

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
     * Lists the four.
     *
     * @param archives tells what archives hold, by their paths relative to the input
     * @return what each holds, ordered by domain and split
     * @throws InvalidRequestException if one is missing that is needed, or there twice
     * @throws IOException if the file system does not answer
     */
    List<Listing> list(Function<List<InputFile>, Map<String, FolderContents>> archives) throws IOException {
        List<Folder> folders = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                folders.add(find(domain, split));
            }
        }
        Map<String, FolderContents> opened = archives.apply(folders.stream().flatMap(Folder::archives).toList());
        return folders.stream().map(folder -> listing(folder, opened)).toList();
    }

    private Folder find(Domain domain, Split split) throws IOException {
        String name = SourceFile.folder(domain, split);
        Path root = new Path(input, name);
        InputFile inPlace = inPlaceOf(name);
        FolderContents nothing = new FolderContents(List.of(), List.of());
        try {
            boolean folder = fs.getFileStatus(root).isDirectory();
            if (inPlace != null) {
                throw new InvalidRequestException("--input is " + input + ": " + name + " and " + inPlace.path()
                        + " are both there: must be one of them");
            }
            if (!folder) {
                throw new InvalidRequestException("--input is " + input + ": " + name + " is not a folder");
            }
            return new Folder(domain, split, null, FolderContents.of(fs, root, name + "/"));
        } catch (FileNotFoundException e) {
            if (inPlace != null) {
                return new Folder(domain, split, inPlace, nothing);
            }
            if (PathOption.isBrokenLink(fs, root)) {
                throw new InvalidRequestException("--input is " + input + ": " + name + " is a link to nothing", e);
            }
            if (split == Split.TEST) {
                return new Folder(domain, split, null, nothing);
            }
            throw missing("--input is " + input, name, e);
        } catch (AccessDeniedException e) {
            throw new InvalidRequestException("--input is " + input + ": no permission to list " + name, e);
        }
    }

    static InvalidRequestException missing(String input, String folder, Exception cause) {
        return new InvalidRequestException(input + ": " + folder + " is missing; trainA and trainB are needed, testA and testB are welcome",
                cause);
    }

    private InputFile inPlaceOf(String folder) throws IOException {
        FileStatus[] found = fs.listStatus(input, path -> ArchiveName.standsFor(path.getName(), folder));
        if (found.length > 1) {
            throw new InvalidRequestException("--input is " + input + ": " + found[0].getPath().getName() + " and "
                    + found[1].getPath().getName() + " are both there: must be one of them");
        }
        return found.length == 0 || !found[0].isFile() ? null
                : new InputFile(found[0].getPath().getName(), found[0].getLen(), found[0].getModificationTime());
    }

    private static Listing listing(Folder folder, Map<String, FolderContents> opened) {
        List<SourceFile> files = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        if (folder.inPlace() != null) {
            String archive = folder.inPlace().path();
            FolderContents contents = opened.get(archive);
            String top = folder.name() + "/"; // as tar makes it of a folder
            boolean below = contents.files().stream().allMatch(file -> file.path().startsWith(top));
            int cut = below ? top.length() : 0;
            for (InputFile file : contents.files()) {
                files.add(SourceFile.of(folder.domain(), folder.split(), file.path().substring(cut), file));
            }
            for (LeftOut file : contents.leftOut()) {
                String source = file.source();
                leftOut.add(file.as(source.isEmpty() ? archive : below && source.startsWith(top) ? source : top + source));
            }
        }
        FolderContents open = Archives.open(folder.contents(), folder.name() + "/", opened);
        open.files().forEach(file -> files.add(SourceFile.of(folder.domain(), folder.split(), file.path(), file)));
        leftOut.addAll(open.leftOut());
        return new Listing(folder.domain(), folder.split(), files, leftOut);
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
                String folder = SourceFile.folder(domain, split);
                names.removeIf(name -> name.equals(folder) || ArchiveName.standsFor(name, folder));
            }
        }
        return names;
    }
}
