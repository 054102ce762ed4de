package io.ugatit.lock;

import io.ugatit.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A lock on stores whose renames copy, by objects that are made only where there is none. The first holder makes {@code holder}; who finds
 * holder X dead makes {@code after-X}, and so on: the lock is held by the last of that chain, from {@code holder} on. Nobody but the last
 * removes an object that is part of it, so whoever finds out late that a holder is dead removes nothing of its successor, and finds that the
 * object he makes is there already, or part of no chain any more. No listing decides anything: it may be late.
 *
 * <p>One wins where a store makes an object only if there is none, in one step. Where it looks first and writes then, two that come within
 * that moment may both win; the first finds that out before it publishes.
 */
final class LockObjects extends LockFolder {
    private static final String FIRST = "holder";
    private static final String AFTER = "after-";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final int HEAD_BYTES = 66;

    private final FileSystem fs;
    private final Path folder;
    private final Set<String> dead = new HashSet<>();
    private IOException lastFailure = super.lastFailure();

    /** An object of the chain: the holder's name is its first line. */
    private record Link(Path object, String holder) {}

    /**
     * @param fs an object store
     * @param folder fully qualified
     */
    LockObjects(FileSystem fs, Path folder) {
        super(fs, folder);
        this.fs = fs;
        this.folder = folder;
    }

    /** For messages: the name of the object is nobody's. */
    @Override
    Path file(String name) {
        return folder;
    }

    private List<Link> chain() throws IOException {
        List<Link> chain = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (Path next = new Path(folder, FIRST); seen.add(next);) {
            String holder = holder(next);
            if (holder == null) {
                break;
            }
            chain.add(new Link(next, holder));
            next = new Path(folder, AFTER + holder);
        }
        return chain;
    }

    /** Whose an object is; null if there is none. */
    private String holder(Path object) throws IOException {
        try (FSDataInputStream in = fs.open(object)) {
            String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
            String line = head.substring(0, Math.max(0, head.indexOf('\n')));
            return NAME.matcher(line).matches() ? line : "nobody";
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private static Link last(List<Link> chain) {
        return chain.get(chain.size() - 1);
    }

    /** The holder, unless it was found dead. */
    @Override
    List<Entry> entries() throws IOException {
        List<Link> chain = chain();
        if (chain.isEmpty() || dead.contains(last(chain).holder())) {
            return List.of();
        }
        try {
            FileStatus status = fs.getFileStatus(last(chain).object());
            return List.of(new Entry(last(chain).holder(), status.getModificationTime(), status.getLen()));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    @Override
    boolean place(String name, byte[] content) throws IOException {
        List<Link> chain = chain();
        if (!chain.isEmpty() && !dead.contains(last(chain).holder())) {
            return false;
        }
        Path object = new Path(folder, chain.isEmpty() ? FIRST : AFTER + last(chain).holder());
        try {
            ObjectStore.write(ObjectStore.createNew(fs, object), named(name, content));
        } catch (IOException e) {
            lastFailure = e; // it may be there all the same
        }
        if (holds(name)) {
            return true;
        }
        if (name.equals(holder(object))) {
            fs.delete(object, false); // the chain it was made for is gone
        }
        return false;
    }

    @Override
    IOException lastFailure() {
        return lastFailure;
    }

    private static byte[] named(String name, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((name + "\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    @Override
    boolean holds(String name) throws IOException {
        List<Link> chain = chain();
        return !chain.isEmpty() && last(chain).holder().equals(name);
    }

    @Override
    byte[] read(String name, int maxBytes) throws IOException {
        for (Link link : chain()) {
            if (link.holder().equals(name)) {
                try (FSDataInputStream in = fs.open(link.object())) {
                    byte[] all = in.readNBytes(HEAD_BYTES + maxBytes);
                    int from = 0;
                    while (from < all.length && all[from++] != '\n') {
                        continue;
                    }
                    return Arrays.copyOfRange(all, from, Math.min(all.length, from + maxBytes));
                } catch (FileNotFoundException e) {
                    return new byte[0];
                }
            }
        }
        return new byte[0];
    }

    /** Stores set no times: writes the object again. */
    @Override
    boolean renew(String name, byte[] content) throws IOException {
        List<Link> chain = chain();
        if (chain.isEmpty() || !last(chain).holder().equals(name)) {
            throw new FileNotFoundException(folder + ": is no longer held");
        }
        ObjectStore.write(fs.create(last(chain).object(), true), named(name, content));
        return true;
    }

    /** The holder itself gives the lock back; another is taken for dead from now on, and removed by who takes the lock over. */
    @Override
    void remove(String name) throws IOException {
        List<Link> chain = chain();
        if (chain.isEmpty() || !last(chain).holder().equals(name)) {
            return;
        }
        dead.add(name);
    }

    /** Gives the lock back if it is this one's. */
    @Override
    void release(String name) throws IOException {
        List<Link> chain = chain();
        if (chain.isEmpty() || !last(chain).holder().equals(name)) {
            return;
        }
        removeAllBut(chain);
        for (Link link : chain) { // from then on the first may be another's, and the others are part of no chain
            fs.delete(link.object(), false);
        }
    }

    /** None are made. */
    @Override
    void removeCandidates() {
        dead.clear();
    }

    /** What others have made that came too late and were killed. */
    private void removeAllBut(List<Link> chain) throws IOException {
        Set<Path> mine = new HashSet<>();
        chain.forEach(link -> mine.add(link.object()));
        try {
            for (FileStatus object : fs.listStatus(folder)) {
                if (!mine.contains(object.getPath())) {
                    fs.delete(object.getPath(), false);
                }
            }
        } catch (FileNotFoundException e) {
            return; // not listed yet, and so nothing of others
        }
    }
}
