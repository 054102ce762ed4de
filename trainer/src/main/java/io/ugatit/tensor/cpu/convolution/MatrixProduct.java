package io.ugatit.tensor.cpu.convolution;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

/** oneDNN's product of matrices that lie row by row, on as many threads as the caller's natives may use. */
public final class MatrixProduct {

    /** Whether a matrix is read as it lies in memory, or transposed. */
    public enum Read {
        /** Row by row. */
        AS_IT_IS('N'),
        /** Column by column. */
        TRANSPOSED('T');

        private final byte code;

        Read(char code) {
            this.code = (byte) code;
        }
    }

    private MatrixProduct() { }

    /**
     * {@code out = left right + beta out}, with left (m,k) and right (k,n) after transposition, out (m,n).
     *
     * @param leftRow floats from one row in memory to the next
     * @param rightRow the same of the right matrix
     */
    public static void multiply(Read readLeft, Read readRight, long m, long n, long k, FloatPointer left, long leftRow, FloatPointer right,
            long rightRow, float beta, FloatPointer out) {
        int status = dnnl.dnnl_sgemm(readLeft.code, readRight.code, m, n, k, 1, left, leftRow, right, rightRow, beta, out, n);
        if (status != dnnl.dnnl_success) {
            throw new IllegalStateException("oneDNN refuses a matrix product of " + m + " x " + k + " x " + n + ": status " + status);
        }
    }
}
