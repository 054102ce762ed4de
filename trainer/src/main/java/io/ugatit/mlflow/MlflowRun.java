package io.ugatit.mlflow;

import java.util.Map;

/**
 * A run as the server knows it.
 *
 * @param id the server's
 * @param artifacts URI of where its files go
 * @param latest the newest step of every metric that it has
 */
record MlflowRun(String id, String artifacts, Map<String, Long> latest) { }
