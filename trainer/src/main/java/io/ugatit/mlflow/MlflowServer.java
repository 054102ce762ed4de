package io.ugatit.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * MLflow's REST interface, version 2.0, as far as a training needs it (https://mlflow.org/docs/latest/rest-api.html). Every call ends within
 * the patience, an upload within that and a second a megabyte. Throws IOException if the server cannot be reached or does not answer in
 * time, and {@link RefusedException} if it answers with anything but success. For one thread.
 */
final class MlflowServer {
    /** Of one call, by MLflow's limits. */
    static final int MOST_METRICS = 1000;
    private static final int MOST_PARAMETERS = 100;
    /** Versions before 2.8 took no more. */
    private static final int MOST_CHARACTERS = 500;
    private static final int MOST_ANSWER_BYTES = 1 << 24;
    private static final int MOST_MESSAGE_CHARACTERS = 200;
    private static final int UPLOAD_BYTES_A_SECOND = 1_000_000;
    /** A run's tag by which it is found again. */
    private static final String TAG = "ugatit_run";
    private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";
    private static final String RUN_ID = "run_id";
    private static final String PROXIED = "mlflow-artifacts";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String address;
    private final Optional<String> authorization;
    private final Duration patience;
    private final HttpClient client;

    /**
     * @param address of its web page
     * @param environment where names and passwords are
     * @param patience for each call
     * @throws InvalidRequestException if a token is none
     */
    MlflowServer(String address, Map<String, String> environment, Duration patience) {
        this.address = address.replaceFirst("/+$", "");
        this.authorization = authorization(environment);
        this.patience = patience;
        this.client = HttpClient.newBuilder().connectTimeout(patience).version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL).build();
    }

    private static Optional<String> authorization(Map<String, String> environment) {
        Optional<String> user = secret(environment, "MLFLOW_TRACKING_USERNAME");
        if (user.isPresent()) {
            String both = user.get() + ":" + secret(environment, "MLFLOW_TRACKING_PASSWORD").orElse("");
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        Optional<String> token = secret(environment, TOKEN);
        if (token.isPresent() && !token.get().matches("[\\x20-\\x7e]*")) {
            throw new InvalidRequestException(TOKEN + " holds characters that no HTTP header may have: must be printable ASCII");
        }
        return token.map(value -> "Bearer " + value);
    }

    /** Without the end of a line, with which files of secrets often end. */
    private static Optional<String> secret(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(value -> value.replaceFirst("[\r\n]+$", ""));
    }

    /** The number of an experiment, which is made if it is not there. */
    String experiment(String name) throws IOException, InterruptedException {
        String query = "mlflow/experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        try {
            return text(get(query).path("experiment"), "experiment_id");
        } catch (RefusedException e) {
            if (!e.isMissing()) {
                throw e;
            }
        }
        try {
            return text(post("mlflow/experiments/create", JSON.createObjectNode().put("name", name)), "experiment_id");
        } catch (RefusedException e) {
            if (!e.isThere()) { // another training has just made it
                throw e;
            }
            return text(get(query).path("experiment"), "experiment_id");
        }
    }

    /** A run that was made with this key and is not deleted. */
    Optional<MlflowRun> find(String experiment, String key) throws IOException, InterruptedException {
        ObjectNode search = JSON.createObjectNode().put("filter", "tags." + TAG + " = '" + key + "'").put("max_results", 1);
        search.putArray("experiment_ids").add(experiment);
        JsonNode runs = post("mlflow/runs/search", search).path("runs");
        return runs.isEmpty() ? Optional.empty() : Optional.of(run(runs.path(0)));
    }

    /** Makes a run that {@link #find} finds. */
    MlflowRun create(String experiment, String key, String name, long time) throws IOException, InterruptedException {
        ObjectNode run = JSON.createObjectNode().put("experiment_id", experiment).put("run_name", name).put("start_time", time);
        ArrayNode tags = run.putArray("tags");
        tags.addObject().put("key", TAG).put("value", key);
        tags.addObject().put("key", "mlflow.runName").put("value", name); // of servers before 2.0
        tags.addObject().put("key", "mlflow.source.name").put("value", "ugatit-spark");
        return run(post("mlflow/runs/create", run).path("run"));
    }

    private static MlflowRun run(JsonNode run) throws IOException {
        Map<String, Long> latest = new HashMap<>();
        run.path("data").path("metrics").forEach(metric -> latest.merge(
                metric.path("key").asText(), metric.path("step").asLong(), Math::max));
        return new MlflowRun(text(run.path("info"), RUN_ID), run.path("info").path("artifact_uri").asText(), latest);
    }

    private static String text(JsonNode node, String name) throws IOException {
        JsonNode value = node.path(name);
        if (!value.isValueNode() || value.asText().isEmpty()) {
            throw new IOException("it answered without " + name + ": is this an MLflow server?");
        }
        return value.asText();
    }

    /** Sets what a run was made with; what it has already must be the same. */
    void parameters(MlflowRun run, Map<String, String> values) throws IOException, InterruptedException {
        List<Map.Entry<String, String>> all = List.copyOf(values.entrySet());
        for (int from = 0; from < all.size(); from += MOST_PARAMETERS) {
            ObjectNode batch = JSON.createObjectNode().put(RUN_ID, run.id());
            ArrayNode parameters = batch.putArray("params");
            all.subList(from, Math.min(all.size(), from + MOST_PARAMETERS)).forEach(value -> parameters.addObject().put("key", value.getKey())
                    .put("value", value.getValue().substring(0, Math.min(MOST_CHARACTERS, value.getValue().length()))));
            post("mlflow/runs/log-batch", batch);
        }
    }

    /** Adds numbers, {@value #MOST_METRICS} at most. */
    void metrics(MlflowRun run, List<Metrics> metrics) throws IOException, InterruptedException {
        ObjectNode batch = JSON.createObjectNode().put(RUN_ID, run.id());
        ArrayNode array = batch.putArray("metrics");
        metrics.forEach(row -> row.values().forEach((name, value) -> array.addObject().put("key", name).put("value", value)
                .put("timestamp", row.time()).put("step", row.step())));
        if (!array.isEmpty()) {
            post("mlflow/runs/log-batch", batch);
        }
    }

    /** Says that a run goes on. */
    void running(MlflowRun run) throws IOException, InterruptedException {
        post("mlflow/runs/update", JSON.createObjectNode().put(RUN_ID, run.id()).put("status", "RUNNING"));
    }

    /** Says that a run is over. */
    void ended(MlflowRun run, boolean finished, long time) throws IOException, InterruptedException {
        post("mlflow/runs/update", JSON.createObjectNode().put(RUN_ID, run.id()).put("status", finished ? "FINISHED" : "FAILED")
                .put("end_time", time));
    }

    /**
     * Puts a file among a run's artifacts, in the place of one of this name.
     *
     * @param name with slashes
     */
    void upload(MlflowRun run, String name, Path file) throws IOException, InterruptedException {
        URI place = place(run);
        if (!PROXIED.equals(place.getScheme())) {
            throw new IOException("it keeps files at " + run.artifacts() + " without passing them on: mlflow server --serve-artifacts does");
        }
        Duration limit = patience.plusSeconds(Files.size(file) / UPLOAD_BYTES_A_SECOND);
        send(request(PROXIED + "/artifacts" + place.getRawPath() + "/" + name).header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofFile(file)).build(), limit);
    }

    private static URI place(MlflowRun run) throws IOException {
        try {
            return new URI(run.artifacts());
        } catch (URISyntaxException e) {
            throw new IOException("it keeps files at '" + run.artifacts() + "', which is no URI", e);
        }
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build(), patience);
    }

    private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        BodyPublisher bytes = BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
        return send(request(path).header("Content-Type", "application/json").POST(bytes).build(), patience);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/api/2.0/" + path));
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private JsonNode send(HttpRequest request, Duration limit) throws IOException, InterruptedException {
        // an answer may begin in time and then never end
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, unused -> new LimitedBody(MOST_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            JsonNode json = json(response.body());
            if (response.statusCode() / 100 != 2) {
                String message = json.path("message").asText().lines().findFirst().orElse("");
                throw new RefusedException(response.statusCode(), json.path("error_code").asText(),
                        message.substring(0, Math.min(MOST_MESSAGE_CHARACTERS, message.length())));
            }
            return json;
        } catch (TimeoutException e) {
            throw new IOException("it did not answer within " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            boolean refused = e.getCause() instanceof ConnectException;
            throw new IOException(refused ? "it cannot be reached" : FileFailure.reason(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }

    /** What is no JSON, as pages of proxies are, has nothing to tell. */
    private static JsonNode json(byte[] body) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
