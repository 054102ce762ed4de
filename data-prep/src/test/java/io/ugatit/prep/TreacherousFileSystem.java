package io.ugatit.prep;

import io.ugatit.storage.QuickDisk;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The local file system as {@code treacherous:/}: files change after they were listed. Those named {@code grown*} are ten bytes longer than
 * listed, {@code shrunk*} ten bytes shorter, {@code vanished*} are gone when they are opened, and from {@code hanging*} no byte comes until
 * they are released. From {@code stuck*} one byte does not come, to those who open it late.
 */
public final class TreacherousFileSystem extends QuickDisk {
    private static final Map<Path, Integer> OPENED = new ConcurrentHashMap<>();
    private static volatile CountDownLatch released = new CountDownLatch(1);
    private static volatile Sticking sticking;

    /** Which byte, how many openings before, and who is told. */
    private record Sticking(long position, int opened, Runnable told) {}

    /**
     * Chooses the byte that does not come from {@code stuck*}; those around it do.
     *
     * @param position of the byte
     * @param opened how many may open the file before and get it
     * @param told is run when one waits
     */
    static void stick(long position, int opened, Runnable told) {
        OPENED.clear();
        sticking = new Sticking(position, opened, told);
    }

    /** Lets those who wait go on, and the next ones wait anew. */
    static void release() {
        CountDownLatch before = released;
        released = new CountDownLatch(1);
        before.countDown();
    }

    @Override
    public URI getUri() {
        return URI.create("treacherous:///");
    }

    @Override
    public String getScheme() {
        return "treacherous";
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus[] entries = super.listStatus(path);
        for (int i = 0; i < entries.length; i++) {
            FileStatus entry = entries[i];
            String name = entry.getPath().getName();
            int wrong = name.startsWith("grown") ? -10 : name.startsWith("shrunk") ? 10 : 0;
            if (wrong != 0) {
                entries[i] = new FileStatus(entry.getLen() + wrong, false, 1, entry.getBlockSize(), entry.getModificationTime(), entry.getPath());
            }
        }
        return entries;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        if (path.getName().startsWith("vanished")) {
            Files.deleteIfExists(java.nio.file.Path.of(path.toUri().getPath()));
        }
        FSDataInputStream in = super.open(path, bufferSize);
        if (path.getName().startsWith("stuck") && OPENED.merge(path, 1, Integer::sum) > sticking.opened()) {
            return new FSDataInputStream(new Hanging(in, sticking.position(), sticking.told()));
        }
        return path.getName().startsWith("hanging") ? new FSDataInputStream(new Hanging(in, 0, () -> { })) : in;
    }

    /** Heeds no interrupt. */
    private static final class Hanging extends FSInputStream {
        private final FSDataInputStream in;
        private final long at;
        private final Runnable told;
        private final CountDownLatch latch = released;

        Hanging(FSDataInputStream in, long at, Runnable told) {
            this.in = in;
            this.at = at;
            this.told = told;
        }

        private InputStream released() throws IOException {
            if (in.getPos() != at) {
                return in;
            }
            told.run();
            while (true) {
                try {
                    latch.await();
                    return in;
                } catch (InterruptedException e) {
                    continue; // as some decoders and mounts do
                }
            }
        }

        @Override
        public int read() throws IOException {
            return released().read();
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            long before = at - in.getPos();
            return released().read(bytes, from, before > 0 ? (int) Math.min(count, before) : count);
        }

        @Override
        public void seek(long to) throws IOException {
            in.seek(to);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
