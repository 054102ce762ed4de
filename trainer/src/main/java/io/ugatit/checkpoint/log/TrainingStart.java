package io.ugatit.checkpoint.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * One start of a training: what it ran on.
 *
 * @param step that the training went on after; 0 of a new run
 * @param time when its first round was over, as ISO-8601 in UTC
 * @param program the build of this program
 * @param java the JVM's version
 * @param spark its version
 * @param master Spark's master URL
 * @param hosts of the workers
 * @param kernels that the workers computed with, which name the instruction set
 * @param devices that they computed on
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingStart(long step, String time, String program, String java, String spark, String master, List<String> hosts,
        List<String> kernels, List<String> devices) {

    /** @throws IllegalArgumentException if something is missing */
    public TrainingStart {
        if (step < 0 || time == null || program == null || java == null || spark == null || master == null || hosts == null
                || kernels == null || devices == null) {
            throw new IllegalArgumentException("it needs step, time, program, java, spark, master, hosts, kernels and devices");
        }
        hosts = List.copyOf(hosts);
        kernels = List.copyOf(kernels);
        devices = List.copyOf(devices);
    }
}
