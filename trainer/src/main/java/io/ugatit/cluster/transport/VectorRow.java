package io.ugatit.cluster.transport;

import io.ugatit.tensor.FloatMemory;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Vectors one after the other, as if they were one. */
final class VectorRow {
    private final List<FloatMemory> vectors;
    private final long length;

    VectorRow(List<INDArray> vectors) {
        this.vectors = vectors.stream().map(vector -> new FloatMemory("state", vector)).toList();
        this.length = this.vectors.stream().mapToLong(FloatMemory::length).sum();
    }

    /** Floats. */
    long length() {
        return length;
    }

    /** A part of a vector. */
    interface Visit {
        void part(FloatMemory vector, long first, int count);
    }

    /** Visits so many floats, in their order. */
    void forEachPart(long from, int count, Visit visit) {
        long begin = 0;
        for (FloatMemory vector : vectors) {
            long first = Math.max(from, begin);
            long end = Math.min(from + count, begin + vector.length());
            if (first < end) {
                visit.part(vector, first - begin, (int) (end - first));
            }
            begin += vector.length();
        }
    }
}
