package io.ugatit.demo;

import io.ugatit.cluster.TrainResult;
import java.nio.file.Path;

/**
 * What the demo made.
 *
 * @param report the HTML report
 * @param training what the training came to
 * @param translated test images translated, both ways
 * @param seconds of the whole demo
 */
public record DemoResult(Path report, TrainResult training, long translated, double seconds) { }
