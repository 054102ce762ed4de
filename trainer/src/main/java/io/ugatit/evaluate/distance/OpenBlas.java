package io.ugatit.evaluate.distance;

import org.bytedeco.openblas.global.openblas;

/**
 * Products and decompositions of matrices by OpenBLAS, which comes with ND4J. Called by several threads at a time, a core each: the bits then
 * do not depend on how many there are.
 */
final class OpenBlas {
    private OpenBlas() { }

    /**
     * The scalar product of every row of one matrix with every row of another.
     *
     * @param x {@code rows * width} numbers, row by row
     * @param y {@code columns * width} numbers, row by row
     * @return {@code rows * columns} numbers, row by row
     */
    static double[] products(double[] x, int rows, double[] y, int columns, int width) {
        double[] result = new double[rows * columns];
        openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, rows, columns, width, 1, x, width, y, width,
                0, result, columns);
        return result;
    }

    /**
     * Turns a matrix of at least as many rows as columns into the triangle R of its QR decomposition, in place.
     *
     * @param matrix {@code rows * columns} numbers, column by column; its upper triangle becomes R, what is below it is of no use
     */
    static void triangle(double[] matrix, int rows, int columns) {
        done("dgeqrf", openblas.LAPACKE_dgeqrf(openblas.LAPACK_COL_MAJOR, rows, columns, matrix, rows, new double[columns]));
    }

    /** The sum of a matrix's singular values. @param matrix {@code rows * columns} numbers, column by column; is overwritten */
    static double singularValues(double[] matrix, int rows, int columns) {
        double[] values = new double[Math.min(rows, columns)];
        double[] none = new double[1];
        done("dgesdd", openblas.LAPACKE_dgesdd(openblas.LAPACK_COL_MAJOR, (byte) 'N', rows, columns, matrix, rows, values, none, rows, none,
                columns));
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static void done(String routine, int info) {
        if (info != 0) {
            throw new ArithmeticException("LAPACK's " + routine + " ends with " + info);
        }
    }
}
