package io.ugatit.lock;

import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.storage.LocalDisk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two jobs from writing to one output. The job's driver takes the lock before it looks at the output and gives it back when it ends,
 * however it ends; tasks take none. The lock is a hidden folder on the output's file system, in the output or beside it, so that all
 * spellings of a path find the same one; see {@link LockFolder} for how it is made in one step.
 *
 * <p>A holder that was killed does not stand in the way. On the same machine its process is looked for. Elsewhere, since no two clocks need
 * agree, the lock itself is watched: a holder renews it every 10 seconds; if nothing happens for 90 seconds it is taken over, if something
 * does its holder lives. A holder that could not renew its lock for so long, in a virtual machine that stood still say, finds out by
 * {@link #requireHeld} before it publishes.
 */
public final class OutputLock implements AutoCloseable {
    static final String NAME = ".ugatit-lock";
    static final Duration RENEWAL = Duration.ofSeconds(10);
    static final Duration LAPSE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(500);
    /** Every one means that others came and went in the meantime. */
    private static final int ATTEMPTS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(OutputLock.class);
    /** What this JVM holds; its own process number tells nothing. */
    private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    private final FileSystem fs;
    private final LockFolder folder;
    private final Deque<Path> made;
    private final String subject;
    private final String option;
    private final String name = UUID.randomUUID().toString();
    private final byte[] content;
    private final LockSurroundings surroundings;
    private Runnable renewal;
    private boolean lost;
    private boolean released;

    private OutputLock(FileSystem fs, LockFolder lock, Deque<Path> made, Path output, String job, String option,
            LockSurroundings surroundings) {
        this.fs = fs;
        this.folder = lock;
        this.made = made;
        this.subject = option + " is " + output;
        this.option = option;
        this.content = LockHolder.now(job, surroundings.self(), application()).toJson();
        this.surroundings = surroundings;
    }

    /**
     * Locks a folder that a job writes into, whether it is there or not: makes it if need be, and removes it again if it is empty then.
     *
     * @param output the folder
     * @param job the command, in one word
     * @param option what names the folder, such as {@code --run}
     * @param say takes one line if the lock has to be watched for a while
     * @throws HeldException if another job holds the lock
     * @throws InvalidRequestException if the output is a file
     * @throws JobFailedException if the file system fails
     */
    public static OutputLock inside(Configuration configuration, Path output, String job, String option, Consumer<String> say) {
        return take(configuration, output, true, job, option, say, new ThisMachine());
    }

    /**
     * Locks a folder that a job makes in one step and that must not be there before: the lock is beside it.
     *
     * @param output the folder to be
     * @param job the command, in one word
     * @param option what names the folder, such as {@code --output}
     * @param say takes one line if the lock has to be watched for a while
     * @throws HeldException if another job holds the lock
     * @throws JobFailedException if the file system fails
     */
    public static OutputLock beside(Configuration configuration, Path output, String job, String option, Consumer<String> say) {
        return take(configuration, output, false, job, option, say, new ThisMachine());
    }

    /** Whether a file or folder of this name is a lock, or was to become one: nobody's data. */
    public static boolean isLock(String name) {
        return name.startsWith(NAME) || name.startsWith(LockFolder.CANDIDATE);
    }

    static OutputLock take(Configuration configuration, Path output, boolean inside, String job, String option, Consumer<String> say,
            LockSurroundings surroundings) {
        Path qualified = output;
        try {
            FileSystem fs = fileSystem(configuration, output, option);
            qualified = fs.makeQualified(output);
            if (inside && fs.exists(qualified) && !fs.getFileStatus(qualified).isDirectory()) {
                throw new InvalidRequestException(option + " is " + qualified + ": is a file, must be a folder");
            }
            boolean within = inside || qualified.isRoot();
            Path around = within ? qualified : qualified.getParent();
            // of the name only: a name may be as long as the file system allows
            String hash = UUID.nameUUIDFromBytes(qualified.getName().getBytes(StandardCharsets.UTF_8)).toString();
            Path lock = new Path(around, within ? NAME : NAME + "-" + hash);
            OutputLock taken = new OutputLock(fs, LockFolder.on(fs, lock), make(fs, around), qualified, job, option, surroundings);
            taken.await(say);
            if (!within) {
                taken.removeCandidates();
            }
            return taken;
        } catch (IOException e) {
            throw new JobFailedException("cannot lock " + option + " " + qualified + ": " + FileFailure.reason(e) + "; nothing was written", e);
        }
    }

    private void removeCandidates() throws IOException {
        try {
            folder.removeCandidates();
        } catch (IOException | RuntimeException e) {
            close(); // nobody else will
            throw e;
        }
    }

    private static FileSystem fileSystem(Configuration configuration, Path output, String option) throws IOException {
        try {
            return LocalDisk.unchecked(output.getFileSystem(configuration));
        } catch (UnsupportedFileSystemException e) {
            throw new InvalidRequestException(option + " is " + output
                    + ": no file system is known for its scheme, expected file, hdfs or one that is installed", e);
        }
    }

    /** Makes a folder, and says which there were not before, the innermost first. */
    private static Deque<Path> make(FileSystem fs, Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = folder; path != null && !fs.exists(path); path = path.getParent()) {
            missing.add(path);
        }
        if (!missing.isEmpty() && !fs.mkdirs(folder)) {
            throw new IOException(folder + ": cannot be made");
        }
        return missing;
    }

    /** Spark's name for what this JVM runs. */
    private static String application() {
        return SparkSession.getDefaultSession().map(SparkSession::sparkContext).map(SparkContext::applicationId).getOrElse(() -> "");
    }

    /** Takes the lock as soon as nobody holds it. */
    private void await(Consumer<String> say) throws IOException {
        try {
            Watch watch = null;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long listed = surroundings.nanos(); // before: what is read then may be as old
                for (Optional<LockFolder.Entry> holder = holder(); holder.isPresent(); holder = holder()) {
                    watch = look(holder.get(), listed, watch, say);
                    listed = surroundings.nanos();
                }
                if (place()) {
                    return;
                }
            }
            throw folder.lastFailure();
        } catch (IOException | RuntimeException e) {
            giveBack(e);
            throw e;
        }
    }

    private Optional<LockFolder.Entry> holder() throws IOException {
        return folder.entries().stream().findFirst();
    }

    /** A holder as it was first seen, and when. */
    private record Watch(LockFolder.Entry entry, long since) {}

    /**
     * Looks at a holder: removes it if it is dead, else watches it for a moment.
     *
     * @param listed when its entry was not yet read: a holder may have renewed its lock since, and what is read here may take long
     * @param watch of this or another holder, if there is one
     * @throws HeldException if it lives
     */
    private Watch look(LockFolder.Entry entry, long listed, Watch watch, Consumer<String> say) throws IOException {
        Optional<LockHolder> holder = LockHolder.parse(folder.read(entry.name(), LockHolder.MAX_BYTES));
        if (holder.isEmpty() && !folder.holds(entry.name())) {
            return watch; // it has just ended
        }
        Liveness liveness = HELD.contains(entry.name()) ? Liveness.LIVES
                : holder.map(LockHolder::process).map(surroundings::of).orElse(Liveness.UNKNOWN);
        boolean seen = watch != null && watch.entry().name().equals(entry.name());
        if (liveness == Liveness.LIVES || seen && !watch.entry().equals(entry)) {
            String who = describe(entry, holder);
            throw new HeldException(subject + ": " + who + " is writing it; wait for it or choose another " + option, who);
        }
        if (liveness == Liveness.DEAD || seen && listed - watch.since() >= LAPSE.toNanos()) {
            folder.remove(entry.name());
            return null;
        }
        Watch now = seen ? watch : new Watch(entry, surroundings.nanos());
        if (!seen) {
            say.accept(subject + ": " + describe(entry, holder) + " may have been killed; waiting up to " + LAPSE.toSeconds()
                    + " s for a sign of life");
        }
        pause();
        return now;
    }

    private String describe(LockFolder.Entry entry, Optional<LockHolder> holder) {
        return holder.map(LockHolder::describe).orElseGet(() -> "a job that left no name (" + folder.file(entry.name()) + ")");
    }

    private void pause() {
        try {
            surroundings.pause(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobFailedException(subject + ": interrupted while waiting for its lock; nothing was written", e);
        }
    }

    private boolean place() throws IOException {
        HELD.add(name);
        if (!folder.place(name, content)) {
            HELD.remove(name);
            return false;
        }
        renewal = surroundings.every(RENEWAL, this::renew);
        return true;
    }

    private synchronized void renew() {
        if (released || lost) {
            return;
        }
        long nanos = surroundings.nanos();
        long millis = System.currentTimeMillis();
        try {
            boolean written = folder.renew(name, content);
            // a machine that stood still in between may have brought back a lock that others have taken and given back since
            if (written && (surroundings.nanos() - nanos >= LAPSE.toNanos() || System.currentTimeMillis() - millis >= LAPSE.toMillis())) {
                lost = true;
                LOG.warn("{}: renewing the lock {} took too long; the job will end before it publishes anything more", subject,
                        folder.file(name));
            }
        } catch (FileNotFoundException | NoSuchFileException e) {
            lost = true;
            LOG.warn("{}: the lock {} is gone; the job will end before it publishes anything more", subject, folder.file(name));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: cannot renew the lock {}, trying again: {}", subject, folder.file(name), FileFailure.reason(e));
        }
    }

    private synchronized boolean isLost() {
        return lost;
    }

    /**
     * For the holder, before it publishes: a look at one file.
     *
     * @throws JobFailedException if the lock was deleted, or taken over by another job because this one did not renew it in time
     */
    public void requireHeld() {
        try {
            if (isLost() || !folder.holds(name)) {
                Optional<LockFolder.Entry> other = holder().filter(entry -> !entry.name().equals(name));
                String now = other.isEmpty() ? "" : ", and " + describe(other.get(),
                        LockHolder.parse(folder.read(other.get().name(), LockHolder.MAX_BYTES))) + " has taken it over";
                throw new JobFailedException(subject + ": this job has lost its lock, which was deleted or not renewed for "
                        + LAPSE.toSeconds() + " s" + now + "; nothing more was published");
            }
        } catch (IOException e) {
            throw new JobFailedException(subject + ": cannot look for the lock " + folder.file(name) + ": " + FileFailure.reason(e)
                    + "; nothing more was published", e);
        }
    }

    /** Gives the lock back. One that cannot be removed is named in the log; it is free as soon as this process has ended. */
    @Override
    public synchronized void close() {
        if (released) {
            return;
        }
        released = true;
        renewal.run();
        IOException failure = new IOException("the lock is left behind");
        giveBack(failure);
        for (Throwable reason : failure.getSuppressed()) {
            LOG.warn("{}: the lock {} is left behind: {}", subject, folder.file(name), FileFailure.reason(reason));
        }
    }

    /** Removes what this has made, unless others use it. */
    private void giveBack(Exception failure) {
        try {
            folder.release(name);
            folder.removeIfEmpty();
            for (Path path : made) {
                LockFolder.removeIfEmpty(fs, path);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        } finally {
            HELD.remove(name);
        }
    }
}
