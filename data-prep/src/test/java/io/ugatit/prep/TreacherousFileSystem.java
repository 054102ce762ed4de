package io.ugatit.prep;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local file system as {@code treacherous:/}: files change after they were listed. Those named {@code grown*} are ten bytes longer than
 * listed, {@code shrunk*} ten bytes shorter, {@code vanished*} are gone when they are opened, and from {@code hanging*} no byte comes until
 * they are released.
 */
public final class TreacherousFileSystem extends RawLocalFileSystem {
    private static volatile CountDownLatch released = new CountDownLatch(1);

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
        return path.getName().startsWith("hanging") ? new FSDataInputStream(new Hanging(in)) : in;
    }

    /** Heeds no interrupt. */
    private static final class Hanging extends FSInputStream {
        private final FSDataInputStream in;
        private final CountDownLatch latch = released;

        Hanging(FSDataInputStream in) {
            this.in = in;
        }

        private InputStream released() {
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
            return released().read(bytes, from, count);
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
