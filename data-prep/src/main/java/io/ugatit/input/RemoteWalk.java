package io.ugatit.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;

/** Walks a folder of a file system that Hadoop knows, such as HDFS or S3. Those have no links or do not follow them. */
final class RemoteWalk {
    private final FileSystem fs;
    private final Findings found;
    private final Deque<Folder> folders = new ArrayDeque<>();

    private record Folder(Path location, String path) { }

    RemoteWalk(FileSystem fs, Findings found) {
        this.fs = fs;
        this.found = found;
    }

    void walk(Path root) throws IOException {
        try {
            list(new Folder(root, ""));
        } catch (AccessControlException e) {
            AccessDeniedException denied = new AccessDeniedException(root.toString());
            denied.initCause(e);
            throw denied;
        }
        while (!folders.isEmpty()) {
            Folder folder = folders.pop();
            try {
                list(folder);
            } catch (AccessControlException | AccessDeniedException e) {
                found.deniedFolder(folder.path());
            } catch (FileNotFoundException e) {
                continue; // deleted since its parent was listed: nothing to leave out
            }
        }
    }

    private void list(Folder folder) throws IOException {
        RemoteIterator<FileStatus> entries = fs.listStatusIterator(folder.location());
        while (entries.hasNext()) {
            FileStatus entry = entries.next();
            String name = entry.getPath().getName();
            String path = folder.path().isEmpty() ? name : folder.path() + "/" + name;
            if (found.hides(path, name)) {
                continue;
            }
            if (entry.isDirectory()) {
                folders.push(new Folder(entry.getPath(), path));
            } else if (entry.isSymlink()) {
                found.leaveOut(path, LeftOut.Kind.LINK, "a link, which is followed on local disks only");
            } else {
                found.file(path, entry.getLen(), entry.getModificationTime());
            }
        }
    }
}
