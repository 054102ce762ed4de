package io.ugatit.cluster.transport;

import io.ugatit.model.DivergedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;

/**
 * Makes one part of a round's result from the same part of all workers, in the order of the workers: the mean of a chunk of the state, or
 * all reports one after the other. What has come rounded is added up as floats, and only their mean is rounded again.
 *
 * @param exact chunks of floats, the first ones of the state; the others are {@link UnsignedBfloat16}
 * @param lengths of the state's chunks in bytes; the part after them is the report
 * @param mostReportBytes how long a worker's report may be
 * @param workers whose parts there must be
 * @param salt of what is rounded
 */
public record PartReducer(int exact, List<Integer> lengths, int mostReportBytes, int workers, int salt) implements Serializable {
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    /** What is read at a time, so that it is added while it is in the processor's cache. */
    private static final int PIECE = 1 << 16;

    /**
     * Reads the parts to their ends, or to that of the first that is {@link Part#useless}, which the result then is too.
     *
     * @throws DivergedException if a mean is no finite number: a checkpoint of it would be of no use to anyone
     * @throws UncheckedIOException if a part cannot be read, or has another length than it must have; no memory was taken for it then
     */
    byte[] reduce(int part, Iterator<ArrivingPart> ofWorkers) {
        try {
            return part == lengths.size() ? concatenation(ofWorkers) : part < exact ? mean(ofWorkers, lengths.get(part))
                    : roundedMean(ofWorkers, lengths.get(part));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read part " + part + " of the workers' states: " + e.getMessage(), e);
        }
    }

    private byte[] mean(Iterator<ArrivingPart> ofWorkers, int length) throws IOException {
        byte[] sum = null;
        byte[] piece = new byte[PIECE];
        for (int worker = 0; worker < workers; worker++) {
            ArrivingPart next = ofWorkers.next();
            if (isUseless(next, worker, length)) {
                return Part.useless().bytes();
            }
            if (worker == 0) {
                sum = bytes(next);
                continue;
            }
            for (int from = 0; from < sum.length; from += PIECE) {
                int count = Math.min(PIECE, sum.length - from);
                next.bytes().readFully(piece, 0, count);
                add(piece, sum, from, count);
            }
        }
        divide(sum);
        return sum;
    }

    private static void add(byte[] piece, byte[] sum, int from, int count) {
        for (int i = 0; i < count; i += Float.BYTES) {
            FLOAT.set(sum, from + i, (float) FLOAT.get(sum, from + i) + (float) FLOAT.get(piece, i));
        }
    }

    private void divide(byte[] sum) {
        for (int i = 0; i < sum.length; i += Float.BYTES) {
            float mean = (float) FLOAT.get(sum, i) / workers;
            requireFinite(Float.isFinite(mean));
            FLOAT.set(sum, i, mean);
        }
    }

    private byte[] roundedMean(Iterator<ArrivingPart> ofWorkers, int length) throws IOException {
        float[] sum = new float[length / UnsignedBfloat16.BYTES];
        byte[] piece = new byte[PIECE];
        for (int worker = 0; worker < workers; worker++) {
            ArrivingPart arrived = ofWorkers.next();
            if (isUseless(arrived, worker, length)) {
                return Part.useless().bytes();
            }
            for (int from = 0; from < length; from += PIECE) {
                int count = Math.min(PIECE, length - from);
                arrived.bytes().readFully(piece, 0, count);
                addRounded(piece, sum, from / UnsignedBfloat16.BYTES, count / UnsignedBfloat16.BYTES);
            }
        }
        return divideAndRound(sum);
    }

    private static void addRounded(byte[] piece, float[] sum, int from, int count) {
        for (int i = 0; i < count; i++) {
            sum[from + i] += UnsignedBfloat16.value((short) SHORT.get(piece, i * UnsignedBfloat16.BYTES));
        }
    }

    private byte[] divideAndRound(float[] sum) {
        byte[] mean = new byte[sum.length * UnsignedBfloat16.BYTES];
        for (int i = 0; i < sum.length; i++) {
            short rounded = UnsignedBfloat16.round(sum[i] / workers, salt);
            requireFinite(UnsignedBfloat16.isFinite(rounded));
            SHORT.set(mean, i * UnsignedBfloat16.BYTES, rounded);
        }
        return mean;
    }

    private static boolean isUseless(ArrivingPart chunk, int worker, int length) throws IOException {
        if (Part.isUseless(chunk.length())) {
            chunk.bytes().readFully(new byte[chunk.length()]);
            return true;
        }
        if (chunk.length() != length) {
            throw new IOException("worker " + worker + "'s has " + chunk.length() + " bytes in the place of " + length);
        }
        return false;
    }

    private static void requireFinite(boolean finite) {
        if (!finite) {
            throw notFinite();
        }
    }

    /** What a mean that is no finite number ends a training with. */
    public static DivergedException notFinite() {
        return new DivergedException("parameters or moments are no longer finite: a lower --lr may help");
    }

    private byte[] concatenation(Iterator<ArrivingPart> ofWorkers) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int worker = 0; ofWorkers.hasNext(); worker++) {
            ArrivingPart report = ofWorkers.next();
            if (report.length() < 0 || report.length() > mostReportBytes) {
                throw new IOException("worker " + worker + "'s report has " + report.length() + " bytes, more than " + mostReportBytes);
            }
            all.writeBytes(bytes(report));
        }
        return all.toByteArray();
    }

    private static byte[] bytes(ArrivingPart part) throws IOException {
        byte[] bytes = new byte[part.length()];
        part.bytes().readFully(bytes);
        return bytes;
    }
}
