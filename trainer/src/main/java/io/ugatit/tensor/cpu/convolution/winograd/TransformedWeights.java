package io.ugatit.tensor.cpu.convolution.winograd;

import org.bytedeco.javacpp.FloatPointer;

/** Weights as the tiles are multiplied with them, one matrix for each product of a tile. */
interface TransformedWeights {

    /** What is done with a matrix. */
    interface Action {
        /**
         * @param number of the matrix, from 0
         * @param matrix for natives; valid until the action returns
         */
        void on(int number, FloatPointer matrix);
    }

    /** Does something with each matrix, in parallel. @param work floats that are worked on in all */
    void forEachMatrix(long work, Action action);
}
