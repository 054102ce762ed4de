package io.ugatit.tensor;

/**
 * A parameter and where its gradient is summed, both parts of the network's flat vectors.
 *
 * @param value the parameter
 * @param gradient same shape; backward passes add to it. Null in a network that is not trained
 */
public record Parameter(Tensor value, Tensor gradient) { }
