package io.ugatit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.EvaluationRow;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.checkpoint.log.StartLog;
import io.ugatit.checkpoint.log.TrainingStart;
import io.ugatit.cluster.rounds.RoundReport;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.mlflow.MlflowLog;
import io.ugatit.mlflow.MlflowOptions;
import io.ugatit.model.RhoLayer;
import io.ugatit.report.sample.SampleIndex;
import io.ugatit.report.sample.SheetPicture;
import io.ugatit.tensorboard.EventImage;
import io.ugatit.tensorboard.EventLog;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a training writes down: the losses of every step in {@code RUN/metrics}; how long each round took, the memory of its workers and rho
 * of every (Ada)LIN in {@code RUN/rounds}; what it was started on; and all of it for TensorBoard. What TensorBoard shows can be had again
 * from the rest: if nothing can be written for it there is a warning, and the training goes on. So with an MLflow server that is told the
 * same, if there shall be one.
 */
final class RoundRecords implements AutoCloseable {
    /** Of {@code config.json}: what decides the result. */
    private static final List<String> SECTIONS = List.of("network", "training");
    private final RunDirectory run;
    private final TrainingListener listener;
    private final MetricsLog losses;
    private final MetricsLog rounds;
    private final StartLog starts;
    private final EventLog events;
    private final MlflowOptions mlflow;
    private final Map<String, String> environment;
    /** If there is a server to be told, from {@link #start} on. */
    private Optional<MlflowLog> server = Optional.empty();

    /** Writes for TensorBoard. */
    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }

    RoundRecords(RunDirectory run, TrainingListener listener, MlflowOptions mlflow) {
        this(run, listener, mlflow, System.getenv());
    }

    /** @param environment where the server's passwords are */
    RoundRecords(RunDirectory run, TrainingListener listener, MlflowOptions mlflow, Map<String, String> environment) {
        this.run = run;
        this.listener = listener;
        this.losses = new MetricsLog(run);
        this.rounds = MetricsLog.ofRounds(run);
        this.starts = new StartLog(run);
        this.events = new EventLog(run);
        this.mlflow = mlflow;
        this.environment = environment;
    }

    /**
     * Looks what the run was made with until now: if an attempt of which nothing is left was made otherwise, a server must not take this
     * training for the same.
     *
     * @param step that the training goes on from
     * @param config what the run is made with now
     * @throws JobFailedException if the file system fails
     */
    void begin(long step, ObjectNode config) {
        if (step == 0 && run.exists()) {
            ObjectNode before = run.readConfig();
            // as text: what is read has other nodes for the same numbers
            if (SECTIONS.stream().anyMatch(section -> before.has(section)
                    && !before.get(section).toString().equals(config.path(section).toString()))) {
                try {
                    MlflowLog.beginAnew(run);
                } catch (IOException e) {
                    throw new JobFailedException("cannot forget the MLflow run of " + run.path() + ": " + FileFailure.reason(e), e);
                }
            }
        }
    }

    /**
     * Forgets what is after the step that the training goes on from.
     *
     * @param config what the run is made with
     */
    void start(long step, ObjectNode config) {
        losses.dropAfter(step);
        rounds.dropAfter(step);
        Map<String, Object> hyperparameters = new TreeMap<>();
        Map<String, String> texts = new TreeMap<>();
        for (String section : SECTIONS) {
            config.path(section).fields().forEachRemaining(option -> {
                hyperparameters.put(option.getKey(), value(option.getValue()));
                texts.put(option.getKey(), option.getValue().asText());
            });
        }
        trying(step, () -> events.start(step, run.path().getName(), hyperparameters));
        if (mlflow.isOn()) {
            try {
                server = Optional.of(MlflowLog.start(mlflow, environment, run, texts, listener::warning));
            } catch (IOException | InvalidRequestException e) { // of a token
                listener.warning("--mlflow " + mlflow.uri() + " is not told of this training: " + FileFailure.reason(e)
                        + "; the training goes on");
            }
        }
    }

    private static Object value(JsonNode value) {
        return value.isBoolean() ? (Object) value.booleanValue() : value.isNumber() ? value.doubleValue() : value.asText();
    }

    /**
     * Writes down what the workers of the first round are.
     *
     * @param step that the training has gone on after
     */
    void workers(long step, SparkContext context, List<RoundReport.Worker> workers) {
        starts.add(new TrainingStart(step, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), Program.build(),
                Runtime.version().toString(), context.version(), context.master(), distinct(workers, RoundReport.Worker::host),
                distinct(workers, RoundReport.Worker::kernels), distinct(workers, worker -> worker.device().toString())));
    }

    private static List<String> distinct(List<RoundReport.Worker> workers, Function<RoundReport.Worker, String> what) {
        return workers.stream().map(what).distinct().sorted().toList();
    }

    /** Keeps losses in memory. @param rows one a step and worker */
    void losses(List<ObjectNode> rows) {
        losses.append(rows);
    }

    /**
     * Keeps a round in memory.
     *
     * @param step its last
     * @param seconds that it took
     * @param elapsedSeconds since the round before had ended, what was waited for between them included
     * @param averagingSeconds of the first, what it took longer than its slowest worker's steps
     * @param imagesPerSecond of both domains and all workers
     * @param rhos of every layer that has one, as the round has left them
     */
    void round(long step, double seconds, double elapsedSeconds, double averagingSeconds, double imagesPerSecond, RoundReport report,
            Map<RhoLayer, INDArray> rhos) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        Map<String, Double> scalars = new LinkedHashMap<>();
        row.put("step", step).put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()).put("seconds", rounded(seconds))
                .put("elapsed_seconds", rounded(elapsedSeconds)).put("averaging_seconds", rounded(averagingSeconds))
                .put("images_per_second", rounded(imagesPerSecond));
        report.lossNames().forEach(name -> scalars.put((name.equals("lr") ? "" : "loss/") + name, report.mean(name)));
        scalars.put("speed/images_per_second", imagesPerSecond);
        scalars.put("speed/averaging_share", averagingSeconds / seconds);
        OptionalLong memory = report.peakBytes();
        if (memory.isPresent()) {
            row.put("peak_bytes", memory.getAsLong());
            scalars.put("memory/peak_bytes", (double) memory.getAsLong());
        }
        ObjectNode rho = row.putObject("rho");
        rhos.forEach((layer, values) -> {
            double mean = values.meanNumber().doubleValue();
            rho.put(layer.parameter(), rounded(mean));
            scalars.put("rho/" + layer.parameter(), mean);
        });
        rounds.append(List.of(row));
        events.scalars(step, scalars);
        server.ifPresent(log -> log.metrics(step, scalars));
    }

    /** To six digits after the point: more are noise, and the files stay small. */
    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }

    /** Whether so much waits that it is to be published at once. */
    boolean isFull() {
        return losses.isFull() || rounds.isFull() || events.isFull();
    }

    /** Publishes losses and rounds up to a step. */
    void publish(long step) {
        losses.publish(step);
        rounds.publish(step);
        trying(step, () -> events.publish(step));
    }

    /** Shows the samples of a step. */
    void samples(SampleIndex samples) {
        trying(samples.step(), () -> {
            Map<String, EventImage> images = new LinkedHashMap<>();
            for (String direction : samples.sheets(run).keySet()) {
                SheetPicture picture = SheetPicture.of(run, samples, direction);
                images.put("samples/" + direction, new EventImage(picture.width(), picture.height(), picture.jpeg()));
            }
            events.images(samples.step(), images);
        });
    }

    /** Shows what an evaluation found. */
    void evaluated(EvaluationRow row) {
        String kid = "kid/" + row.extractor(); // KIDs of different features are different quantities
        Map<String, Double> kids = Map.of(kid + "/sum", row.kid(), kid + "/a2b", row.kidA2b(), kid + "/b2a", row.kidB2a());
        trying(row.step(), () -> events.evaluation(row.step(), kids));
        server.ifPresent(log -> log.metrics(row.step(), kids));
    }

    /** The training is done. */
    void finished() {
        server.ifPresent(MlflowLog::finished);
    }

    /** Tells who is told from beside the training that it is over. */
    @Override
    public void close() {
        server.ifPresent(MlflowLog::close);
    }

    private void trying(long step, Writing writing) {
        try {
            writing.write();
        } catch (IOException | InvalidRequestException e) { // of samples that somebody has deleted
            listener.warning("Cannot write for TensorBoard in " + run.tensorboard() + " after step " + step + ": "
                    + (e instanceof IOException failure ? FileFailure.reason(failure) : e.getMessage()) + "; the training goes on");
        }
    }
}
