package io.ugatit.tensor.cpu.convolution.winograd;

import io.ugatit.tensor.cpu.convolution.GrowingMemory;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Matrices of one size, one for each product of a tile or each tap of a kernel, in one piece of memory.
 *
 * @param matrices how many
 * @param rows of a matrix
 * @param columns floats of a row
 * @param stride floats from one matrix to the next
 * @param bytes the memory
 * @param floats the same for natives
 */
record Planes(int matrices, int rows, int columns, int stride, ByteBuffer bytes, FloatPointer floats) {
    /** Three cache lines: at a power of two all matrices would fall into the same few lines of a first-level cache. */
    private static final int GAP = 48;

    /** Whether so many matrices are within what a byte buffer reaches. */
    static boolean fit(int matrices, int rows, int columns) {
        return matrices * ((long) rows * columns + GAP) * Float.BYTES <= Integer.MAX_VALUE;
    }

    /** So many matrices of so many rows; what they held before is lost. */
    static Planes in(GrowingMemory memory, int matrices, int rows, int columns) {
        int stride = stride(rows, columns);
        int count = Math.multiplyExact(matrices, stride);
        return new Planes(matrices, rows, columns, stride, memory.buffer(count), memory.floats(count));
    }

    /** Floats from one such matrix to the next. */
    static int stride(int rows, int columns) {
        return Math.addExact(Math.multiplyExact(rows, columns), GAP);
    }

    /** A matrix for natives. */
    FloatPointer matrix(int number) {
        return new FloatPointer(floats).position((long) number * stride);
    }

    /** Where an element is, in bytes. */
    int at(int number, int row, int column) {
        return (number * stride + row * columns + column) * Float.BYTES;
    }
}
