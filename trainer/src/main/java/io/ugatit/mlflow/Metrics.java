package io.ugatit.mlflow;

import java.util.Map;

/**
 * Numbers of one step.
 *
 * @param step of every worker
 * @param time milliseconds since 1970
 * @param values finite, by their names
 */
record Metrics(long step, long time, Map<String, Double> values) { }
