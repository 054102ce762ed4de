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
 * the source {@code training}. They are gone when the training ends.
 */
final class TrainingMetrics implements Source, AutoCloseable {
    /** Kept, since a stopped application's can no longer be asked for. */
    private final MetricsSystem metrics = SparkEnv.get().metricsSystem();
    private final MetricRegistry registry = new MetricRegistry();
    private final Map<String, Number> values = new ConcurrentHashMap<>();

    /** Registers with the running application. */
    TrainingMetrics() {
        metrics.registerSource(this);
    }

    @Override
    public String sourceName() {
        return "training";
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
        metrics.removeSource(this);
    }
}
