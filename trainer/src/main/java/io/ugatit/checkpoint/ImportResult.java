package io.ugatit.checkpoint;

import io.ugatit.model.NetworkOptions;

/**
 * What the import job made.
 *
 * @param run the run's folder
 * @param network the sizes that the weights have
 * @param parameters how many numbers were imported, power-iteration vectors included
 */
public record ImportResult(String run, NetworkOptions network, long parameters) { }
