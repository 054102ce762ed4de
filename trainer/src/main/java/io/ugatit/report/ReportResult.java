package io.ugatit.report;

import org.apache.hadoop.fs.Path;

/**
 * What {@link ReportJob} has written and from how much.
 *
 * @param report the qualified path of {@code report.html}
 * @param metricRows metric lines read, over all workers
 * @param lastStep the greatest step in the metrics; 0 without metrics
 * @param sampleSteps steps with a complete pair of sample sheets
 */
public record ReportResult(Path report, long metricRows, long lastStep, int sampleSteps) {}
