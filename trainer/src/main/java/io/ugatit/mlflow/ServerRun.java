package io.ugatit.mlflow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A training's run on the server: found again by its key, else made. What the server has already is not sent again: neither after a failure
 * that came after the server had taken it, nor by a training that repeats steps after its last checkpoint. For one thread.
 */
final class ServerRun {
    private final MlflowServer server;
    private final String experiment;
    private final String key;
    private final String name;
    private final Map<String, String> parameters;
    /** The newest step of every metric that the server has. */
    private final Map<String, Long> latest = new HashMap<>();
    private final Consumer<String> warning;
    private boolean parametersRefused;
    private MlflowRun run;

    /**
     * @param key by which it is found
     * @param name that people see
     * @param parameters what it is made with
     * @param warning takes a line if the server refuses some of them for good
     */
    ServerRun(MlflowServer server, String experiment, String key, String name, Map<String, String> parameters, Consumer<String> warning) {
        this.server = server;
        this.experiment = experiment;
        this.key = key;
        this.name = name;
        this.parameters = parameters;
        this.warning = warning;
    }

    /** Finds it, or makes it, unless that is done. */
    MlflowRun find() throws IOException, InterruptedException {
        if (run == null) {
            String number = server.experiment(experiment);
            MlflowRun there = server.find(number, key).orElse(null);
            if (there == null) {
                there = server.create(number, key, name, System.currentTimeMillis());
            } else {
                server.running(there);
            }
            tell(there);
            latest.clear();
            latest.putAll(there.latest());
            run = there;
        }
        return run;
    }

    /** What the server will never take, a value that it finds too long, say, is no reason to keep the metrics from it. */
    private void tell(MlflowRun there) throws IOException, InterruptedException {
        if (parametersRefused) {
            return;
        }
        try {
            server.parameters(there, parameters);
        } catch (RefusedException e) {
            if (!e.isFinal()) {
                throw e;
            }
            parametersRefused = true;
            warning.accept(e.getMessage() + "; it was not told all parameters");
        }
    }

    /** To be called after a failure: it is unknown what the server has. */
    void forget() {
        run = null;
    }

    /** Sends numbers, those of a name in the order of their steps. */
    void send(List<Metrics> metrics) throws IOException, InterruptedException {
        MlflowRun there = find();
        List<Metrics> news = new ArrayList<>();
        for (Metrics row : metrics) {
            Map<String, Double> values = new TreeMap<>(row.values());
            values.keySet().removeIf(metric -> row.step() <= latest.getOrDefault(metric, -1L));
            news.add(new Metrics(row.step(), row.time(), values));
        }
        server.metrics(there, news);
        news.forEach(row -> row.values().keySet().forEach(metric -> latest.merge(metric, row.step(), Math::max)));
    }
}
