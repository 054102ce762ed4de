package io.ugatit.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;

/** A file that is written, with {@link Faults} at every write and whenever it is forced to disk. */
class FaultyFile extends FilterOutputStream implements Syncable, StreamCapabilities {
    private final Path file;
    private final FSDataOutputStream written;

    FaultyFile(Path file, FSDataOutputStream written) {
        super(written);
        this.file = file;
        this.written = written;
    }

    /** Something is about to be written. */
    void changes() { }

    @Override
    public final void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public final void write(byte[] bytes, int from, int count) throws IOException {
        int part = Faults.part(file, count);
        changes();
        written.write(bytes, from, part);
        if (part < count) {
            throw Faults.failure();
        }
    }

    @Override
    public final void hflush() throws IOException {
        written.hflush();
    }

    @Override
    public void hsync() throws IOException {
        Faults.change(file);
        written.hsync();
    }

    @Override
    public final boolean hasCapability(String capability) {
        return written.hasCapability(capability);
    }
}
