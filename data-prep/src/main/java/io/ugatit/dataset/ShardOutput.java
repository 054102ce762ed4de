package io.ugatit.dataset;

import io.ugatit.job.FileFailure;
import io.ugatit.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * The file of a shard as Parquet writes it, hashed on the way. Its end, from {@link #holdEnd} on, stays in memory until {@link #finish}
 * puts the footer in order. Not thread-safe.
 */
final class ShardOutput implements OutputFile, Closeable {
    private final FileSystem fs;
    private final Path file;
    private final MessageDigest digest = Sha256.digest();
    private final ByteArrayOutputStream end = new ByteArrayOutputStream();
    private final boolean store;
    private FSDataOutputStream out;
    private boolean atEnd;

    ShardOutput(FileSystem fs, Path file) throws IOException {
        this.fs = fs;
        this.file = file;
        this.store = ObjectStore.is(fs);
    }

    /** To be called when all row groups are written: indexes and the footer follow, some hundred bytes a row group and column. */
    void holdEnd() {
        atEnd = true;
    }

    /**
     * Writes the end of the file and closes it.
     *
     * @return the hash of the whole file
     * @throws IOException if it cannot be written
     */
    String finish() throws IOException {
        byte[] bytes = ShardFooter.inOrder(end.toByteArray());
        digest.update(bytes);
        out.write(bytes);
        if (out.hasCapability(StreamCapabilities.HSYNC)) {
            out.hsync(); // a published dataset survives a power cut
        }
        out.close();
        return HexFormat.of().formatHex(digest.digest());
    }

    long length() {
        return out.getPos();
    }

    /** Releases the file, as far as it is written; in a store of objects there is none then. */
    @Override
    public void close() throws IOException {
        try {
            if (store) {
                ObjectStore.giveUp(out);
            } else {
                out.close();
            }
        } catch (IOException | FSError e) {
            // HDFS throws what broke the stream once more, the same object, and try-with-resources cannot add that to itself
            throw new IOException(FileFailure.reason(e), e);
        }
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return createOrOverwrite(blockSizeHint);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        FSDataOutputStreamBuilder<?, ?> builder = fs.createFile(file).overwrite(true); // which makes no folders
        if (store) {
            builder.recursive(); // there are none to be found
        }
        out = builder.build();
        return new PositionOutputStream() {
            @Override
            public long getPos() {
                return out.getPos() + end.size();
            }

            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                if (atEnd) {
                    end.write(bytes, from, count);
                } else {
                    digest.update(bytes, from, count);
                    out.write(bytes, from, count);
                }
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() {
                // Parquet closes after its footer, which is still to be put in order: finish() closes
            }
        };
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }
}
