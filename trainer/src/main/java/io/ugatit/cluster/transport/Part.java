package io.ugatit.cluster.transport;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.spark.util.KnownSizeEstimation;

/**
 * A part of what a worker gives to a round: a chunk of its state, or its report. Made of memory that is read only when it is written out,
 * so it must be written before that memory changes.
 */
public interface Part extends KnownSizeEstimation {
    /** Chunks are of numbers of two or four bytes. */
    int USELESS_LENGTH = 1;

    /** Bytes. */
    int length();

    /** Writes exactly {@link #length()} bytes. */
    void writeTo(OutputStream out) throws IOException;

    /**
     * What stands for a chunk that is of no use to anyone. Shorter than every chunk, and not empty, which few of those that keep and move
     * bytes can tell from something that is missing.
     */
    static OfBytes useless() {
        return new OfBytes(new byte[USELESS_LENGTH]);
    }

    /** Whether bytes of this length stand for a chunk that is of no use. */
    static boolean isUseless(int length) {
        return length == USELESS_LENGTH;
    }

    /** About that of the object itself, for Spark's sorter, which would else follow its references into ND4J. */
    @Override
    default long estimatedSize() {
        return 64;
    }

    /** A part whose bytes are on the heap. */
    record OfBytes(byte[] bytes) implements Part {
        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }
    }
}
