package io.ugatit.translate.output;

import io.ugatit.input.FolderContents;
import io.ugatit.input.LeftOut;
import io.ugatit.publish.Publishing;
import io.ugatit.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * The files in a folder of translations.
 *
 * @param files when each was last written, in milliseconds since 1970, by its path relative to the folder
 * @param unfinished what killed tasks have left
 * @param logs of this and earlier jobs
 */
record OutputListing(Map<String, Long> files, List<Path> unfinished, List<Path> logs) {

    /** Lists a folder; nothing if it is not there. */
    static OutputListing of(Folder folder) throws IOException {
        FolderContents contents = contents(folder);
        Map<String, Long> files = new HashMap<>();
        contents.files().forEach(file -> files.put(file.path(), file.modified()));
        List<Path> unfinished = new ArrayList<>();
        List<Path> logs = new ArrayList<>();
        for (LeftOut leftOut : contents.leftOut()) {
            Path path = folder.file(leftOut.source());
            if (path.getName().startsWith(Publishing.TEMPORARY_PREFIX)) {
                unfinished.add(path);
            } else if (leftOut.source().startsWith(ProvenanceLog.PREFIX)) {
                logs.add(path);
            }
        }
        return new OutputListing(files, unfinished, logs);
    }

    private static FolderContents contents(Folder folder) throws IOException {
        try {
            return folder.list();
        } catch (FileNotFoundException e) {
            return new FolderContents(List.of(), List.of()); // nothing has been translated yet
        }
    }

    /** With the files of translations that a store of objects may list late. */
    OutputListing withUnlisted(Folder folder, Collection<Provenance> logged) throws IOException {
        if (!ObjectStore.is(folder.fileSystem())) {
            return this;
        }
        Map<String, Long> all = new HashMap<>(files);
        for (Provenance made : logged) {
            if (!all.containsKey(made.file())) {
                try {
                    all.put(made.file(), folder.fileSystem().getFileStatus(folder.file(made.file())).getModificationTime());
                } catch (FileNotFoundException e) {
                    continue; // deleted
                }
            }
        }
        return new OutputListing(all, unfinished, logs);
    }

    /** Whether the file of a translation is there. */
    boolean has(Provenance made) {
        return files.containsKey(made.file());
    }
}
