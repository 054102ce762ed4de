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
import java.util.stream.Collectors;
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
        List<LeftOut> outside = contents.leftOut().stream().filter(file -> leadsOut(file.source())).toList();
        String reason = whole.stream().map(LeftOut::reason).findFirst().orElse(contents.leftOut().stream()
                .filter(file -> file.kind() == LeftOut.Kind.REJECTED).map(LeftOut::toString).findFirst().orElse(""));
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
                List<LeftOut> leftOut = new ArrayList<>();
                if (folders.isEmpty()) { // what the archive itself lacks, and what lies in none of the four, is told once
                    leftOut.addAll(whole);
                    leftOut.addAll(outside);
                }
                List<LeftOut> own = contents.leftOut().stream().filter(file -> !leadsOut(file.source()) && plain(file.source()).startsWith(prefix))
                        .toList();
                own.forEach(file -> leftOut.add(file.source().startsWith(prefix) ? file.as(file.source().substring(top.length())) : file));
                if (files.isEmpty() && own.isEmpty() && split == Split.TRAIN) {
                    throw InputFolder.missing("--input is " + name + (reason.isEmpty() ? "" : " (" + reason + ")"),
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

    /** The name that was meant by one that cannot be used: absolute, with backslashes, or with folders named by a dot. */
    private static String plain(String name) {
        return Stream.of(name.split("[/\\\\]")).filter(part -> !part.isEmpty() && !part.equals(".")).collect(Collectors.joining("/"));
    }

    private static boolean leadsOut(String name) {
        return List.of(name.split("[/\\\\]")).contains("..");
    }

    private static String first(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path : path.substring(0, slash);
    }
}
