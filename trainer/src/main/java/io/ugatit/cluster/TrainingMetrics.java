package io.ugatit.cluster;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;

/**
 * What a training tells Spark's metrics system in the driver, and through it every sink that is configured: gauges of the last round under
 * the source {@code training}, or {@code training-2} and so on if others train in the same application. They are gone when the training
 * ends.
 */
final class TrainingMetrics implements Source, AutoCloseable {
    private static final String NAME = "training";
    /** Between the search for a free name and its use no other training may find it. */
    private static final Object NAMING = new Object();
    /** Kept, since a stopped application's can no longer be asked for. */
    private final MetricsSystem metrics = SparkEnv.get().metricsSystem();
    private final MetricRegistry registry = new MetricRegistry();
    private final Map<String, Number> values = new ConcurrentHashMap<>();
    private volatile String name;

    /** Registers with the running application. */
    TrainingMetrics() {
        synchronized (NAMING) {
            String free = NAME;
            for (int number = 2; metrics.getSourcesByName(free).nonEmpty(); number++) {
                free = NAME + "-" + number;
            }
            name = free;
            metrics.registerSource(this);
        }
    }

    @Override
    public String sourceName() {
        return name;
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }

    /** Sets a gauge, which appears with its first value. */
    void set(String name, Number value) {
        if (values.put(name, value) == null) {
            Gauge<Number> gauge = () -> values.get(name);
            registry.register(name, gauge);
        }
    }

    @Override
    public void close() {
        synchronized (NAMING) {
            name += "."; // Spark removes what only begins with the name, which training-2 does too
            metrics.removeSource(this);
        }
    }
}
