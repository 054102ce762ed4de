package io.ugatit.job;

import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The GPUs that Spark has assigned to a task. */
public final class TaskGpus {
    private static final String RESOURCE = "gpu";

    private TaskGpus() {}

    /** Addresses of the calling task's {@code gpu} resource, numbers as the discovery script gave them; empty without such a resource. */
    public static List<String> addresses() {
        ResourceInformation gpus = TaskContext.get().resourcesJMap().get(RESOURCE);
        return gpus == null ? List.of() : List.of(gpus.addresses());
    }
}
