package io.ugatit.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ugatit.job.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that speaks as much of MLflow's REST interface as a training does, and answers as MLflow 3 does. */
public final class MlflowStandIn implements AutoCloseable {
    /** How it is. */
    public enum Mood {
        WELL,
        /** Answers with status 500 and does nothing. */
        BROKEN,
        /** Does what it is asked for, and then answers with status 500. */
        FORGETFUL,
        /** Takes no numbers: status 400. */
        PICKY,
        /** Takes no parameters: status 400. */
        STRICT,
        /** Never answers. */
        SILENT
    }

    /** A run. */
    public static final class Run {
        public final Map<String, String> tags = new TreeMap<>();
        public final Map<String, String> parameters = new TreeMap<>();
        /** Metric and step, as often as they were told, with the value. */
        public final List<String> metrics = new ArrayList<>();
        public final Map<String, Integer> files = new TreeMap<>();
        public String name;
        public String status = "RUNNING";
        private final Map<String, Long> latest = new TreeMap<>();
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpServer server;
    private final String address;
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("mlflow-stand-in"));
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private volatile Mood mood = Mood.WELL;
    private volatile String artifacts = "mlflow-artifacts:";

    public MlflowStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String address() {
        return address;
    }

    public void become(Mood next) {
        mood = next;
    }

    /** Scheme of the place where it keeps files. */
    void keepFilesAt(String scheme) {
        artifacts = scheme;
    }

    /** Runs by their ids. */
    public synchronized Map<String, Run> runs() {
        return Map.copyOf(runs);
    }

    /** The only run. */
    public synchronized Run run() {
        if (runs.size() != 1) {
            throw new AssertionError(runs.size() + " runs");
        }
        return runs.values().iterator().next();
    }

    /** What was told of the only run so far. */
    public synchronized List<String> metrics() {
        return List.copyOf(run().metrics);
    }

    synchronized void delete() {
        runs.clear();
    }

    synchronized List<String> experiments() {
        return List.copyOf(experiments.keySet());
    }

    /** Method and path of every request. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        Mood now = mood;
        synchronized (this) {
            requests.add(exchange.getRequestMethod() + " " + path);
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        }
        if (now == Mood.SILENT) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return;
        }
        Answer answer = now == Mood.BROKEN ? new Answer(500, JSON.createObjectNode()) : act(exchange, path, body, now);
        byte[] said = (now == Mood.FORGETFUL ? "<html>gateway</html>" : answer.json().toString()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(now == Mood.FORGETFUL ? 500 : answer.status(), said.length);
        exchange.getResponseBody().write(said);
        exchange.close();
    }

    private record Answer(int status, JsonNode json) { }

    private static Answer refusal(int status, String code, String message) {
        return new Answer(status, JSON.createObjectNode().put("error_code", code).put("message", message));
    }

    private synchronized Answer act(HttpExchange exchange, String path, byte[] body, Mood now) throws IOException {
        String proxy = "/api/2.0/mlflow-artifacts/artifacts/";
        if (path.startsWith(proxy)) {
            String[] parts = path.substring(proxy.length()).split("/", 4); // experiment, run, "artifacts", file
            runs.get(parts[1]).files.put(parts[3], body.length);
            return new Answer(200, JSON.createObjectNode());
        }
        ObjectNode answer = JSON.createObjectNode();
        JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        Run run = runs.get(request.path("run_id").asText());
        if (run == null && request.has("run_id")) {
            return refusal(400, "INVALID_PARAMETER_VALUE", "The run must be in the 'active' state. Current state is deleted.");
        }
        switch (path.replace("/api/2.0/mlflow/", "")) {
            case "experiments/get-by-name" -> {
                String name = URLDecoder.decode(exchange.getRequestURI().getRawQuery().split("=")[1], StandardCharsets.UTF_8);
                if (!experiments.containsKey(name)) {
                    return refusal(404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name '" + name + "'");
                }
                answer.putObject("experiment").put("experiment_id", experiments.get(name)).put("name", name);
            }
            case "experiments/create" -> {
                String name = request.path("name").asText();
                experiments.put(name, String.valueOf(experiments.size() + 1));
                answer.put("experiment_id", experiments.get(name));
            }
            case "runs/search" -> {
                String filter = request.path("filter").asText();
                runs.forEach((id, one) -> {
                    if (filter.equals("tags.ugatit_run = '" + one.tags.get("ugatit_run") + "'")) {
                        answer.withArray("runs").add(json(id, one));
                    }
                });
            }
            case "runs/create" -> {
                Run made = new Run();
                made.name = request.path("run_name").asText();
                request.path("tags").forEach(tag -> made.tags.put(tag.path("key").asText(), tag.path("value").asText()));
                String id = "run" + (runs.size() + 1);
                runs.put(id, made);
                answer.set("run", json(id, made));
            }
            case "runs/log-batch" -> {
                if (now == Mood.PICKY && request.has("metrics")) {
                    return refusal(400, "INVALID_PARAMETER_VALUE", "no such numbers\nplease");
                }
                if (now == Mood.STRICT && request.has("params")) {
                    return refusal(400, "INVALID_PARAMETER_VALUE", "too long");
                }
                for (JsonNode parameter : request.path("params")) {
                    String name = parameter.path("key").asText();
                    String before = run.parameters.put(name, parameter.path("value").asText());
                    if (before != null && !before.equals(run.parameters.get(name))) {
                        return refusal(400, "INVALID_PARAMETER_VALUE", "Changing param values is not allowed");
                    }
                }
                if (request.path("metrics").size() > 1000 || request.path("params").size() > 100) {
                    return refusal(400, "INVALID_PARAMETER_VALUE", "too many");
                }
                for (JsonNode metric : request.path("metrics")) {
                    String name = metric.path("key").asText();
                    run.metrics.add(name + " " + metric.path("step").asLong() + " " + metric.path("value").asDouble());
                    run.latest.merge(name, metric.path("step").asLong(), Math::max);
                }
            }
            case "runs/update" -> run.status = request.path("status").asText();
            default -> {
                return refusal(404, "ENDPOINT_NOT_FOUND", path);
            }
        }
        return new Answer(200, answer);
    }

    private ObjectNode json(String id, Run run) {
        ObjectNode json = JSON.createObjectNode();
        json.putObject("info").put("run_id", id).put("artifact_uri", artifacts + "/1/" + id + "/artifacts");
        ArrayNode metrics = json.putObject("data").putArray("metrics");
        run.latest.forEach((name, step) -> metrics.addObject().put("key", name).put("step", step).put("value", 0.5).put("timestamp", 1));
        return json;
    }

    /** Metric and step of every number, sorted. */
    public static List<String> names(List<String> metrics) {
        return metrics.stream().map(metric -> metric.substring(0, metric.lastIndexOf(' '))).sorted(Comparator.naturalOrder()).toList();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
