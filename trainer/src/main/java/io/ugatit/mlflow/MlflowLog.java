package io.ugatit.mlflow;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.DaemonThreads;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Tells an MLflow server of a training, by a thread of its own: whoever has something to tell never waits, but at the end. What cannot be sent
 * waits for the server, {@value #MOST_WAITING} rounds at most; of more the oldest are lost. A training that goes on, goes on in the same run
 * of the server's. What goes wrong is said in a line and fails nothing.
 */
public final class MlflowLog implements AutoCloseable {
    /** Rounds: some megabytes. */
    static final int MOST_WAITING = 2000;
    /** For each call. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** What a server is spared: numbers gather meanwhile. */
    private static final Duration GATHERING = Duration.ofSeconds(1);
    private static final int LONGEST_PAUSE_SECONDS = 60;
    /** For what still waits at the end. */
    private static final Duration LAST_PATIENCE = Duration.ofMinutes(1);

    private final String address;
    private final MlflowServer server;
    private final ServerRun run;
    private final ModelFiles models;
    private final Consumer<String> warning;
    private final WaitingMetrics waiting = new WaitingMetrics(MOST_WAITING);
    private final Thread thread = DaemonThreads.named("ugatit-mlflow").newThread(this::work);
    private volatile boolean finished;
    private volatile long closedAt;
    private boolean warned;
    private boolean modelsSent;

    private MlflowLog(String address, MlflowServer server, ServerRun run, ModelFiles models, Consumer<String> warning) {
        this.address = address;
        this.server = server;
        this.run = run;
        this.models = models;
        this.warning = warning;
    }

    /**
     * Begins to tell.
     *
     * @param options with an address
     * @param environment that holds a name and a password, or a token
     * @param run whose lock the caller holds
     * @param parameters what the run is made with
     * @param warning takes lines, from any thread
     * @throws InvalidRequestException if the token is none
     * @throws IOException if the file system of the run fails
     */
    public static MlflowLog start(MlflowOptions options, Map<String, String> environment, RunDirectory run, Map<String, String> parameters,
            Consumer<String> warning) throws IOException {
        return start(options, new MlflowServer(options.uri(), environment, PATIENCE), run, parameters, warning);
    }

    /**
     * Lets what is told of a run from now on be another run of the server: for one that begins anew, made otherwise.
     *
     * @param run whose lock the caller holds
     * @throws IOException if the file system of the run fails
     */
    public static void beginAnew(RunDirectory run) throws IOException {
        RunKey.forget(run);
    }

    /** As the other, with less patience, say. */
    static MlflowLog start(MlflowOptions options, MlflowServer server, RunDirectory run, Map<String, String> parameters,
            Consumer<String> warning) throws IOException {
        MlflowLog log = new MlflowLog(options.uri(), server,
                new ServerRun(server, options.experiment(), RunKey.of(run), run.path().getName(), parameters,
                        line -> warning.accept(told(options.uri(), line))), new ModelFiles(run), warning);
        log.thread.start();
        return log;
    }

    /**
     * Tells numbers of a step, later than those of the same names before; those that are not finite are left out.
     *
     * @param values by their names
     */
    public void metrics(long step, Map<String, Double> values) {
        Map<String, Double> finite = new TreeMap<>(values);
        finite.values().removeIf(value -> !Double.isFinite(value));
        waiting.add(new Metrics(step, System.currentTimeMillis(), finite));
    }

    /** The training is done: {@link #close} sends the models too. */
    public void finished() {
        finished = true;
    }

    /**
     * Sends what waits, and that the run is over: failed, unless it is {@link #finished}. Waits for that, but not for a server that is gone.
     */
    @Override
    public void close() {
        closedAt = System.nanoTime();
        waiting.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        String failure;
        try {
            failure = sendNumbers();
            if (failure == null) {
                failure = end();
            }
        } catch (InterruptedException e) {
            failure = "interrupted";
        } catch (RuntimeException e) {
            failure = "an internal error (" + e.getClass().getName() + ")"; // whose message may quote what is secret
        }
        List<String> missing = new ArrayList<>();
        if (waiting.notSent() > 0) {
            missing.add(numbers(waiting.notSent()));
        }
        if (finished && !modelsSent) {
            missing.add("the models");
        }
        if (failure != null || !missing.isEmpty()) {
            warning.accept("--mlflow " + address + ": " + (failure == null ? "" : failure + "; ") + "it was not told "
                    + (missing.isEmpty() ? "that the run is over" : String.join(" and ", missing)) + "; the training stands");
        }
    }

    /** Sends until the training is over and nothing waits. Returns why it gave up, or null. */
    private String sendNumbers() throws InterruptedException {
        int failures = 0;
        boolean refusedOnce = false;
        while (true) {
            List<Metrics> some = List.of();
            try {
                run.find(); // at once, before there are numbers
                some = waiting.take(MlflowServer.MOST_METRICS);
                if (some.isEmpty()) {
                    return null;
                }
                run.send(some);
                failures = 0;
                refusedOnce = false;
                if (waiting.isClosed() && System.nanoTime() - closedAt > LAST_PATIENCE.toNanos()) {
                    return "it took more than " + LAST_PATIENCE.toSeconds() + " s";
                }
                waiting.pause(GATHERING, MlflowServer.MOST_METRICS);
            } catch (IOException e) {
                run.forget();
                boolean refused = e instanceof RefusedException answer && answer.isFinal() && !some.isEmpty();
                if (refused && !refusedOnce) { // not the numbers, maybe, but the run, which somebody has deleted: another takes them
                    refusedOnce = true;
                    waiting.giveBack(some);
                    continue;
                }
                if (refused) {
                    refusedOnce = false;
                    waiting.lose(some);
                } else {
                    waiting.giveBack(some);
                }
                if (waiting.isClosed()) {
                    return e.getMessage();
                }
                warn(e.getMessage() + "; " + (refused ? "it was not told " + numbers(some.size())
                        : numbers(MOST_WAITING) + " wait for it, of more the oldest are lost"));
                failures++;
                waiting.pause(Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(failures, Integer.SIZE))));
            }
        }
    }

    private static String numbers(long rounds) {
        return "numbers of " + rounds + (rounds == 1 ? " round" : " rounds");
    }

    private void warn(String what) {
        if (!warned) {
            warned = true;
            warning.accept(told(address, what));
        }
    }

    private static String told(String address, String what) {
        return "--mlflow " + address + ": " + what + "; the training goes on";
    }

    /** Returns what went wrong, or null. */
    private String end() throws InterruptedException {
        String failure = null;
        if (finished) {
            try {
                models.forEach((name, file) -> server.upload(run.find(), "model/" + name, file));
                modelsSent = true;
            } catch (IOException e) {
                failure = FileFailure.reason(e);
            }
        }
        try {
            server.ended(run.find(), finished, System.currentTimeMillis());
        } catch (IOException e) {
            failure = failure == null ? FileFailure.reason(e) : failure;
        }
        return failure;
    }
}
