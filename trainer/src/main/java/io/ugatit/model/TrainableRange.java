package io.ugatit.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The trained part of one network: four views of the same length into the graph's flat vectors.
 *
 * @param parameters the parameters
 * @param gradients their gradients
 * @param firstMoments Adam's running mean of the gradients
 * @param secondMoments Adam's running mean of their squares
 */
public record TrainableRange(INDArray parameters, INDArray gradients, INDArray firstMoments, INDArray secondMoments) { }
