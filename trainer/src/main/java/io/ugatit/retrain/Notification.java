package io.ugatit.retrain;

import io.ugatit.job.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an address and a command what a night came to, each within its patience. What goes wrong is said in a line and fails nothing. */
final class Notification {
    private static final Logger LOG = LoggerFactory.getLogger(Notification.class);

    private final NotifyOptions options;
    private final Duration answer;
    private final Duration end;
    private final PrintStream out;

    /**
     * @param options whom to tell
     * @param answer how long an address may take to answer
     * @param end how long a command may take to end
     * @param out gets a line of what goes wrong
     */
    Notification(NotifyOptions options, Duration answer, Duration end, PrintStream out) {
        this.options = options;
        this.answer = answer;
        this.end = end;
        this.out = out;
    }

    void send(Night night) {
        try {
            if (options.url() != null) {
                tell("--notify-url: " + place(), this::post, night.toJson());
            }
            if (options.command() != null) {
                tell("--notify-command", this::run, night.toJson());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.println("interrupted while telling what the night came to");
        }
    }

    /** A way to tell somebody. */
    @FunctionalInterface
    private interface Way {
        void send(String json) throws IOException, InterruptedException;
    }

    private void tell(String whom, Way way, String json) throws InterruptedException {
        try {
            way.send(json);
        } catch (IOException | RuntimeException e) {
            out.println(whom + " was not told: " + FileFailure.reason(e) + "; the night stands");
        }
    }

    private void post(String json) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(answer).followRedirects(HttpClient.Redirect.NORMAL).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(options.url())).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)).build();
        // an answer may begin in time and then never end
        CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = response.get(answer.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status / 100 != 2) {
                out.println("--notify-url: " + place() + " answered with status " + status + "; the night stands");
            }
        } catch (TimeoutException e) {
            throw new IOException("it did not answer within " + answer.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(FileFailure.reason(e.getCause()), e);
        } finally {
            response.cancel(true);
        }
    }

    /** Without its path and what follows, which may hold a secret. */
    private String place() {
        URI uri = URI.create(options.url());
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private void run(String json) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", options.command()).redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        feed(process, json);
        if (!process.waitFor(end.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            out.println("--notify-command: did not end within " + end.toSeconds() + " s and was stopped; the night stands");
        } else if (process.exitValue() != 0) {
            out.println("--notify-command: ended with status " + process.exitValue() + "; the night stands");
        }
    }

    /** A command need not read what it is told: {@code true} closes the pipe before or while this is written, which is no failure. */
    private static void feed(Process process, String json) {
        try (OutputStream in = process.getOutputStream()) {
            in.write((json + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("--notify-command has not read all", e);
        }
    }
}
