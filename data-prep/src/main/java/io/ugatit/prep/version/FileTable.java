package io.ugatit.prep.version;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import io.ugatit.prep.source.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All files of the version that a job makes, ordered by folder and source, each with what is known of it so far: first what the version
 * before remembers, then what hashing, comparing and writing find out. A file has an index, from 0.
 *
 * <p>What is remembered holds for a file of the same name, length and time, which is not opened again. Two kinds are tried again all the
 * same, because the file is not all that decides: what was rejected (a permission, an option or this program may have changed), and what
 * another file's bytes or looks left out. A file whose image is there and which has vanished stays, unless the input is mirrored.
 *
 * <p>About 250 bytes a file, most of them its name and its hash. Not thread-safe.
 */
public final class FileTable implements Iterable<KnownFile> {
    private final List<SourceFile> files = new ArrayList<>();
    private final FileDigest[] digests;
    private final StoredImage[] stored;
    private final LeftOut[] leftOut;
    /** What was known of files that have been written since, until their bytes are compared. */
    private final KnownFile[] before;
    private final BitSet written = new BitSet();
    private final List<SourceFile> vanished = new ArrayList<>();
    private final boolean mirror;
    private boolean touched;

    /**
     * Compares what is there with what is remembered.
     *
     * @param listed today's files, ordered by folder and source
     * @param unseen the names of what is there but could not be looked into: what is known of it or in it has not vanished
     * @param known those of the version before, in the same order; none for a new data set
     * @param mirror whether files that have vanished count no longer
     */
    public FileTable(List<SourceFile> listed, Set<String> unseen, List<KnownFile> known, boolean mirror) {
        this.mirror = mirror;
        int most = Math.addExact(listed.size(), known.size());
        FileDigest[] digests = new FileDigest[most];
        StoredImage[] stored = new StoredImage[most];
        LeftOut[] leftOut = new LeftOut[most];
        KnownFile[] before = new KnownFile[most];
        int next = 0;
        for (SourceFile file : listed) {
            while (next < known.size() && SourceFile.BY_FOLDER_AND_SOURCE.compare(known.get(next).file(), file) < 0) {
                addMissing(known.get(next++), unseen, digests, stored);
            }
            int i = files.size();
            files.add(file);
            if (next < known.size() && SourceFile.BY_FOLDER_AND_SOURCE.compare(known.get(next).file(), file) == 0) {
                KnownFile same = known.get(next++);
                if (file.equals(same.file())) {
                    digests[i] = same.digest();
                    stored[i] = same.stored();
                    leftOut[i] = isNoImage(same.leftOut()) ? same.leftOut() : null;
                } else {
                    before[i] = same;
                    touched = true;
                }
            }
        }
        while (next < known.size()) {
            addMissing(known.get(next++), unseen, digests, stored);
        }
        this.digests = Arrays.copyOf(digests, files.size());
        this.stored = Arrays.copyOf(stored, files.size());
        this.leftOut = Arrays.copyOf(leftOut, files.size());
        this.before = Arrays.copyOf(before, files.size());
    }

    private void addMissing(KnownFile file, Set<String> unseen, FileDigest[] digests, StoredImage[] stored) {
        if (file.stored() == null) {
            return; // it gave no image, and cannot now
        }
        boolean vanished = !isIn(file.file().name(), unseen);
        if (vanished && file.leftOut() == null) {
            this.vanished.add(file.file());
        }
        if (!vanished || !mirror) {
            digests[files.size()] = file.digest();
            stored[files.size()] = file.stored();
            files.add(file.file());
        }
    }

    /** Whether a file or a folder that it lies in is among some. */
    private static boolean isIn(String name, Set<String> some) {
        for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
            if (some.contains(name.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    /** That follows from the file alone. */
    private static boolean isNoImage(LeftOut leftOut) {
        return leftOut != null && leftOut.kind() == LeftOut.Kind.NOT_AN_IMAGE;
    }

    /** Whether a file that is remembered has been written since, or copied, even if its bytes are the same. */
    public boolean isTouched() {
        return touched;
    }

    /** How many files there are. */
    public int size() {
        return files.size();
    }

    /**
     * The index of a folder's first file.
     *
     * @param domain the folder's domain
     * @param split the folder's split
     */
    public int firstOf(Domain domain, Split split) {
        return firstFrom(new SourceFile(domain, split, "", 0, 0));
    }

    /**
     * The index after that of a folder's last file.
     *
     * @param domain the folder's domain
     * @param split the folder's split
     */
    public int endOf(Domain domain, Split split) {
        int end = firstOf(domain, split);
        while (end < size() && file(end).domain() == domain && file(end).split() == split) {
            end++;
        }
        return end;
    }

    private int firstFrom(SourceFile least) {
        int at = Collections.binarySearch(files, least, SourceFile.BY_FOLDER_AND_SOURCE);
        return at < 0 ? -at - 1 : at;
    }

    /**
     * A file.
     *
     * @param i its index
     */
    public SourceFile file(int i) {
        return files.get(i);
    }

    /**
     * The hash of a file's bytes; null if they were not needed.
     *
     * @param i its index
     */
    public FileDigest digest(int i) {
        return digests[i];
    }

    /**
     * A file's image; null if the data set has none.
     *
     * @param i its index
     */
    public StoredImage stored(int i) {
        return stored[i];
    }

    /**
     * Why a file is left out; null if it is not.
     *
     * @param i its index
     */
    public LeftOut leftOut(int i) {
        return leftOut[i];
    }

    /**
     * Whether a file is an image of the version.
     *
     * @param i its index
     */
    public boolean isImage(int i) {
        return leftOut[i] == null && stored[i] != null;
    }

    /**
     * Whether a file is to be made an image of.
     *
     * @param i its index
     */
    public boolean isToWrite(int i) {
        return leftOut[i] == null && stored[i] == null;
    }

    /**
     * Whether this job has written a file's image.
     *
     * @param i its index
     */
    public boolean isWritten(int i) {
        return written.get(i);
    }

    /**
     * Whether this job has written a file's image and the version before had another one.
     *
     * @param i its index
     */
    public boolean isChanged(int i) {
        return written.get(i) && before[i] != null && before[i].stored() != null;
    }

    /** The files whose images the version before had and that are gone, in order. */
    public List<SourceFile> vanished() {
        return Collections.unmodifiableList(vanished);
    }

    /** A line on the files that have vanished; none if none have. */
    public Optional<String> warning() {
        if (vanished.isEmpty()) {
            return Optional.empty();
        }
        Examples examples = new Examples();
        vanished.forEach(file -> examples.add(file.name()));
        return Optional.of("warning: the files of " + examples.count() + " images have vanished from the input: " + examples
                + (mirror ? "; they are left out" : "; they stay, --mirror leaves them out"));
    }

    /** The indexes of the files that may have the same bytes as another, or as before, of which that is not known yet: of the same length. */
    public int[] toHash() {
        long[] lengths = files.stream().mapToLong(SourceFile::length).sorted().toArray();
        return IntStream.range(0, size())
                .filter(i -> digests[i] == null && leftOut[i] == null && file(i).length() > 0)
                .filter(i -> isShared(file(i).length(), lengths) || before[i] != null && before[i].file().length() == file(i).length())
                .toArray();
    }

    private static boolean isShared(long length, long[] lengths) {
        int at = Arrays.binarySearch(lengths, length);
        return at > 0 && lengths[at - 1] == length || at + 1 < lengths.length && lengths[at + 1] == length;
    }

    /**
     * Takes a file's hash in; if its bytes are what they were, it has its image still.
     *
     * @param i its index
     * @param digest of its bytes
     */
    public void hashed(int i, FileDigest digest) {
        digests[i] = digest;
        if (before[i] != null && digest.equals(before[i].digest())) {
            stored[i] = before[i].stored();
            before[i] = null;
        }
    }

    /**
     * Leaves a file out.
     *
     * @param i its index
     * @param why the reason
     */
    public void leaveOut(int i, LeftOut why) {
        leftOut[i] = why;
    }

    /**
     * Takes in that a file's image was written.
     *
     * @param i its index
     * @param digest of the bytes that it was made of
     * @param image where it is
     */
    public void written(int i, FileDigest digest, StoredImage image) {
        digests[i] = digest; // of what was read last
        stored[i] = image;
        written.set(i);
    }

    /** What the version is to remember, in order; made on the way. */
    @Override
    public Iterator<KnownFile> iterator() {
        return IntStream.range(0, size())
                .mapToObj(i -> new KnownFile(file(i), digests[i], stored[i], leftOut[i])).iterator();
    }
}
