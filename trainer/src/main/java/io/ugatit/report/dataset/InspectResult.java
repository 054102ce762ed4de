package io.ugatit.report.dataset;

import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What {@link InspectJob} has found and written.
 *
 * @param summary the data set in figures
 * @param page the qualified path of {@code dataset.html}; empty if none was asked for
 */
public record InspectResult(DatasetSummary summary, Optional<Path> page) {}
