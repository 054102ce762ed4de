package io.ugatit.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Walks a folder of this machine. Hadoop's own listing follows links without a word, and passes over what it cannot open: links to nothing
 * and names that are not in the encoding of the locale.
 */
final class LocalWalk {
    /** How the system calls a circle of links, and a file where a folder should be, in English. */
    private static final List<String> NOWHERE = List.of("Too many levels of symbolic links", "Not a directory");

    private final Findings found;
    private final Deque<Folder> folders = new ArrayDeque<>();
    /** Links to folders wait until all folders that are there by themselves are known: those keep their own names. */
    private final Queue<Folder> links = new PriorityQueue<>(Comparator.comparing(Folder::path, PathOrder.BY_CODE_POINT));
    /** The paths of all folders so far, by their real ones. */
    private final Map<Path, String> visited = new HashMap<>();
    private Path root;

    /** @param path relative to the root, by the way it was reached */
    private record Folder(Path real, String path) { }

    LocalWalk(Findings found) {
        this.found = found;
    }

    void walk(Path folder) throws IOException {
        try {
            root = folder.toRealPath();
            visited.put(root, "");
            list(new Folder(root, ""));
        } catch (NoSuchFileException e) {
            FileNotFoundException missing = new FileNotFoundException(folder + " does not exist");
            missing.initCause(e);
            throw missing;
        }
        while (!folders.isEmpty() || !links.isEmpty()) {
            if (folders.isEmpty()) {
                enter(links.remove());
            } else {
                listIfAllowed(folders.pop());
            }
        }
    }

    private void enter(Folder folder) {
        String first = visited.putIfAbsent(folder.real(), folder.path());
        if (first == null) {
            folders.push(folder);
        } else {
            found.repeatedFolder(folder.path(), first);
        }
    }

    private void listIfAllowed(Folder folder) throws IOException {
        try {
            list(folder);
        } catch (AccessDeniedException e) {
            found.deniedFolder(folder.path());
        } catch (NoSuchFileException e) {
            return; // deleted since its parent was listed: nothing to leave out
        }
    }

    private void list(Folder folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.real())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                look(entry, name, folder.path().isEmpty() ? name : folder.path() + "/" + name);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void look(Path entry, String name, String path) throws IOException {
        if (found.hides(path, name)) {
            return;
        }
        if (!isText(entry, name)) {
            String raw = entry.toUri().getRawPath();
            found.leaveOut(path, LeftOut.Kind.REJECTED, "its name is not UTF-8, but in percent-encoding "
                    + raw.substring(raw.lastIndexOf('/', raw.length() - 2) + 1));
            return;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink()) {
                follow(entry, path);
            } else if (attributes.isDirectory()) {
                enter(new Folder(entry, path));
            } else {
                file(attributes, path);
            }
        } catch (AccessDeniedException e) {
            found.denied(path);
        } catch (NoSuchFileException e) {
            return; // deleted since its folder was listed: nothing to leave out
        }
    }

    /** Whether Java's string names the file: bytes that are no characters are lost in it. */
    private static boolean isText(Path entry, String name) {
        try {
            return name.indexOf('\ufffd') < 0 || entry.equals(entry.resolveSibling(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void follow(Path link, String path) throws IOException {
        BasicFileAttributes attributes;
        Path target;
        try {
            attributes = Files.readAttributes(link, BasicFileAttributes.class);
            target = attributes.isDirectory() ? link.toRealPath() : null;
        } catch (AccessDeniedException e) {
            throw e;
        } catch (NoSuchFileException e) {
            found.leaveOut(path, LeftOut.Kind.LINK, "a link to nothing: " + Files.readSymbolicLink(link));
            return;
        } catch (FileSystemException e) {
            if (NOWHERE.stream().anyMatch(reason -> String.valueOf(e.getReason()).startsWith(reason))) {
                found.leaveOut(path, LeftOut.Kind.LINK, "a link that leads nowhere: " + e.getReason());
            } else { // what it leads to may be there another time
                found.leaveOut(path, LeftOut.Kind.REJECTED, "a link that cannot be followed: " + e.getReason());
            }
            return;
        }
        if (target == null) {
            file(attributes, path);
        } else if (link.startsWith(target) || root.startsWith(target)) {
            found.leaveOut(path, LeftOut.Kind.LINK, "a link back to a folder that it lies in");
        } else {
            links.add(new Folder(target, path));
        }
    }

    private void file(BasicFileAttributes attributes, String path) {
        if (attributes.isRegularFile()) {
            found.file(path, attributes.size(), attributes.lastModifiedTime().toMillis());
        } else {
            found.leaveOut(path, LeftOut.Kind.NO_REGULAR_FILE, "no regular file but a pipe, a socket or a device");
        }
    }
}
