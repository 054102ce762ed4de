package io.ugatit.cluster.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What workers average, a graph's flat vectors one after the other, in chunks: nothing as large as a model is ever one object. First come
 * chunks of floats, then those of what travels rounded. Several threads may read and write different chunks.
 */
public final class TrainingState {
    /** What of a chunk is on the heap while it is written out. */
    private static final int PIECE_FLOATS = 1 << 14;

    private final VectorRow exact;
    private final VectorRow rounded;
    private final int chunkFloats;
    private final int exactChunks;
    private final Coding.Rounded rounding;

    /**
     * @param exact vectors that are read and overwritten as they are: parameters, and of Adam's moments those that are averaged too
     * @param rounded vectors of numbers from 0 on that travel as {@link UnsignedBfloat16}
     * @param chunkBytes of as many floats as every chunk but the last of either kind has; a multiple of 4
     * @param steps that were made when the round began: decides how is rounded
     */
    public TrainingState(List<INDArray> exact, List<INDArray> rounded, int chunkBytes, long steps) {
        this.exact = new VectorRow(exact);
        this.rounded = new VectorRow(rounded);
        this.chunkFloats = chunkBytes / Float.BYTES;
        this.exactChunks = chunks(this.exact);
        this.rounding = new Coding.Rounded(UnsignedBfloat16.salt(steps));
    }

    private int chunks(VectorRow row) {
        return Math.toIntExact((row.length() + chunkFloats - 1) / chunkFloats);
    }

    /** Number of chunks. */
    public int chunks() {
        return exactChunks + chunks(rounded);
    }

    /**
     * What makes one state of those of so many workers.
     *
     * @param mostReportBytes how long a worker's report may be
     */
    public PartReducer reducer(int workers, int mostReportBytes) {
        return new PartReducer(exactChunks, IntStream.range(0, chunks()).mapToObj(chunk -> place(chunk).length()).toList(), mostReportBytes,
                workers, rounding.salt());
    }

    /** A chunk, whose bytes are read from the graph when they are written out. */
    public Part chunk(int chunk) {
        return place(chunk);
    }

    private Place place(int chunk) {
        return chunk < exactChunks ? place(exact, Coding.EXACT, chunk) : place(rounded, rounding, chunk - exactChunks);
    }

    private Place place(VectorRow row, Coding coding, int chunk) {
        long from = (long) chunk * chunkFloats;
        return new Place(row, coding, from, (int) Math.min(chunkFloats, row.length() - from));
    }

    /** A copy of a chunk. */
    byte[] read(int chunk) {
        Place place = place(chunk);
        byte[] bytes = new byte[place.length()];
        place.read(0, place.count(), ByteBuffer.wrap(bytes));
        return bytes;
    }

    /**
     * Overwrites a chunk.
     *
     * @param bytes the whole chunk, from its position on, which stays as it is
     * @throws IllegalStateException if it has another length; nothing is written then
     */
    public void write(int chunk, ByteBuffer bytes) {
        Place place = place(chunk);
        if (bytes.remaining() != place.length()) {
            throw new IllegalStateException("chunk " + chunk + " of the state has arrived with " + bytes.remaining() + " bytes in the place of "
                    + place.length());
        }
        ByteBuffer arrived = bytes.duplicate();
        place.row().forEachPart(place.from(), place.count(), (vector, first, count) -> {
            place.coding().decode(arrived, vector.slice(first, count));
            vector.written();
        });
    }

    /** Where a chunk is. */
    private record Place(VectorRow row, Coding coding, long from, int count) implements Part {
        @Override
        public int length() {
            return count * coding.bytes();
        }

        void read(int first, int floats, ByteBuffer target) {
            row.forEachPart(from + first, floats, (vector, start, length) -> coding.encode(vector.slice(start, length), target));
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] piece = new byte[Math.min(PIECE_FLOATS, count) * coding.bytes()];
            for (int done = 0; done < count; done += PIECE_FLOATS) {
                int floats = Math.min(PIECE_FLOATS, count - done);
                read(done, floats, ByteBuffer.wrap(piece));
                out.write(piece, 0, floats * coding.bytes());
            }
        }
    }
}
