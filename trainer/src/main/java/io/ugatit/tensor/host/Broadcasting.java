package io.ugatit.tensor.host;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations between a matrix and a vector, and sums along a dimension. ND4J's own methods for the former ({@code muliRowVector} and all
 * else that {@code exec(BroadcastOp)} does) pass the dimensions in an array that nothing refers to any more while native code reads it. The
 * garbage collector may free it then, so that one training in some crashes after thousands of steps; a {@code ReduceOp} is referred to until
 * its result is returned. The operations here take their dimensions as plain numbers.
 */
public final class Broadcasting {
    private Broadcasting() { }

    /** Multiplies in place. @param vector (1,C) for all rows of the matrix (R,C), or (R,1) for all its columns */
    public static void multiply(INDArray matrix, INDArray vector) {
        Nd4j.exec(DynamicCustomOp.builder("multiply").addInputs(matrix, vector).addOutputs(matrix).build());
    }

    /** Adds in place. @param vector (1,C) for all rows of the matrix (R,C), or (R,1) for all its columns */
    public static void add(INDArray matrix, INDArray vector) {
        Nd4j.exec(DynamicCustomOp.builder("add").addInputs(matrix, vector).addOutputs(matrix).build());
    }

    /** The sums along a dimension, which has length 1 in the result. */
    public static INDArray sum(INDArray array, int dimension) {
        return Nd4j.exec(DynamicCustomOp.builder("reduce_sum").addInputs(array).addIntegerArguments(dimension)
                .addBooleanArguments(true).build())[0];
    }
}
