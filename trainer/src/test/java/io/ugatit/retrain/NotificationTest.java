package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.process.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers and commands that do what they must not. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NotificationTest {
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final List<Socket> answered = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : answered) {
            socket.close();
        }
    }

    /** With patience for one that answers or ends, and a second for one that does not. */
    private List<String> told(String url, String command, Duration answer, Duration end) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        new Notification(new NotifyOptions(url, command), answer, end, new PrintStream(said, true, StandardCharsets.UTF_8))
                .send(Night.failed(new IOException("power cut"), null, 1, Instant.EPOCH));
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String writes(String file) {
        return "cat > '" + folder.resolve(file) + "'";
    }

    /** A server that gives one answer, and leaves the connection open. */
    private String address(ServerSocket server, String answer) {
        CompletableFuture.runAsync(() -> {
            try {
                Socket socket = server.accept();
                answered.add(socket);
                socket.getInputStream().read();
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    @Test
    void anAnswerThatStallsBehindItsHeadersIsWaitedForNoLongerThanOneThatNeverBegins() throws IOException {
        for (String answer : List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "")) {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String url = address(server, answer);
                assertThat(told(url + "/hook?token=secret", writes("told.json"), SHORT, LONG))
                        .containsExactly("--notify-url: " + url + " was not told: it did not answer within 1 s; the night stands");
                assertThat(folder.resolve("told.json")).as("the other one is told").content().contains("\"reason\":\"power cut\"");
                Files.delete(folder.resolve("told.json"));
            }
        }
    }

    @Test
    void anAddressThatLeadsNowhereKeepsNobodyElseFromBeingTold() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = address(server, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:99999/\r\nContent-Length: 0\r\n\r\n");
            assertThat(told(url, writes("told.json"), LONG, LONG)).singleElement().asString()
                    .startsWith("--notify-url: " + url + " was not told: ").endsWith("; the night stands");
            assertThat(folder.resolve("told.json")).content().contains("\"outcome\":\"failed\"");
        }
    }

    @Test
    void aCommandThatCannotBeRunOrDoesNotEndFailsNothing() {
        assertThat(told(null, "true\0", LONG, LONG)).singleElement().asString().startsWith("--notify-command was not told: ");
        String sleeping = "sleep " + (600_000 + ProcessHandle.current().pid()); // nobody else's
        assertThat(told(null, sleeping + " & wait", SHORT, SHORT))
                .containsExactly("--notify-command: did not end within 1 s and was stopped; the night stands");
        Waiting.until("what it started has ended", () -> ProcessHandle.allProcesses()
                .noneMatch(process -> process.info().commandLine().filter(line -> line.endsWith(sleeping)).isPresent()));
    }
}
