package io.ugatit.prep.source;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.FolderContents;
import io.ugatit.input.InputFile;
import io.ugatit.input.LeftOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** An archive with trainA, trainB, testA, testB at its top, or in the one folder at its top. */
final class InputArchive {
    private final String name;
    private final FolderContents contents;
    private final String top;

    /**
     * @param name what messages call it
     * @param contents what it holds
     */
    InputArchive(String name, FolderContents contents) {
        this.name = name;
        this.contents = contents;
        boolean atTop = Stream.of(Domain.values()).flatMap(domain -> Stream.of(Split.values()).map(split -> SourceFile.folder(domain, split)))
                .anyMatch(folder -> contents.files().stream().anyMatch(file -> file.path().startsWith(folder + "/")));
        List<String> first = contents.files().stream().map(file -> first(file.path())).distinct().limit(2).toList();
        this.top = !atTop && first.size() == 1 ? first.get(0) + "/" : "";
    }

    /**
     * Lists the four.
     *
     * @return what each holds, ordered by domain and split
     * @throws io.ugatit.job.InvalidRequestException if one is missing that is needed
     */
    List<Listing> list() {
        List<LeftOut> whole = contents.leftOut().stream().filter(file -> file.source().isEmpty()).map(file -> file.as(name)).toList();
        List<Listing> folders = new ArrayList<>();
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                String prefix = top + SourceFile.folder(domain, split) + "/";
                List<SourceFile> files = new ArrayList<>();
                for (InputFile file : contents.files()) {
                    if (file.path().startsWith(prefix)) {
                        files.add(SourceFile.of(domain, split, file.path().substring(prefix.length()), file));
                    }
                }
                // what the archive itself lacks is told once
                List<LeftOut> leftOut = new ArrayList<>(folders.isEmpty() ? whole : List.of());
                List<LeftOut> own = contents.leftOut().stream().filter(file -> file.source().startsWith(prefix)).toList();
                own.forEach(file -> leftOut.add(file.as(file.source().substring(top.length()))));
                if (files.isEmpty() && own.isEmpty() && split == Split.TRAIN) {
                    throw InputFolder.missing("--input is " + name + (whole.isEmpty() ? "" : " (" + whole.get(0).reason() + ")"),
                            SourceFile.folder(domain, split), null);
                }
                folders.add(new Listing(domain, split, files, leftOut));
            }
        }
        return folders;
    }

    /** The names at the top that are none of the four, in order. */
    Set<String> others() {
        Set<String> names = new TreeSet<>();
        for (InputFile file : contents.files()) {
            names.add(file.path().startsWith(top) ? first(file.path().substring(top.length())) : first(file.path()));
        }
        for (Domain domain : Domain.values()) {
            for (Split split : Split.values()) {
                names.remove(SourceFile.folder(domain, split));
            }
        }
        return names;
    }

    private static String first(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }
}
