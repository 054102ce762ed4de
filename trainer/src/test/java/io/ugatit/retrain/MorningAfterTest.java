package io.ugatit.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.lock.HeldException;
import io.ugatit.lock.OutputLock;
import io.ugatit.report.PageElements;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What somebody who was asleep finds, is told, and can do about it. */
class MorningAfterTest extends Nights {
    private final Configuration configuration = new Configuration();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(lines, true, StandardCharsets.UTF_8);

    private HistoryResult history() {
        return new HistoryJob(configuration, new HistoryOptions(workspace.toString(), null, false), out).run();
    }

    private RollbackResult rollback(String to) {
        return new RollbackJob(configuration, new RollbackOptions(workspace.toString(), to), out).run();
    }

    private List<String> told() {
        return lines.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> prune(int keep) {
        return new PruneJob(configuration, new PruneOptions(workspace.toString(), keep), new PrintStream(new ByteArrayOutputStream())).run();
    }

    @Test
    void historyTellsWhatWasTrainedAndARollbackTakesItBackUntilThereAreNewImages() throws IOException {
        night();
        newImages(2);
        night();
        assertThat(promoted()).isEqualTo("0002\n");

        RollbackResult back = rollback(null);
        assertThat(back.from()).isEqualTo("0002");
        assertThat(back.to()).isEqualTo("0001");
        assertThat(back.promoted()).isEqualTo("file:" + workspace.resolve("runs/0001"));
        assertThat(promoted()).isEqualTo("0001\n");
        assertThat(night().reason()).startsWith("nothing new: run 0001 was promoted by hand");

        HistoryResult history = history();
        assertThat(history.table().rows()).extracting(row -> row.get(0) + " " + row.get(3) + " " + row.get(6))
                .containsExactly("0001  promoted", "0002 0001 promoted", "  rolled back");
        assertThat(history.table().rows().get(2).get(7)).isEqualTo("run 0001 was promoted in the place of run 0002 by hand");
        assertThat(history.lines()).last().isEqualTo("promoted: run 0001");
        JsonNode json = JSON.readTree(history.toJson());
        assertThat(json.at("/cycles/1/kid").asDouble()).isEqualTo(cycle("0002").get("kid").asDouble()).isNotZero();
        assertThat(json.at("/nights/1/began").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")
                .isEqualTo(history.table().rows().get(1).get(1));
        assertThat(json.get("nights").findValuesAsText("outcome")).containsExactly("promoted", "promoted", "nothing_new");

        newImages(3);
        assertThat(night().cycle()).isEqualTo("0003");
        assertThat(cycle("0003").get("start").asText()).isEqualTo("0001");
    }

    @Test
    void aPageShowsCyclesNightsAndBothModelsSideBySide() throws Exception {
        night();
        newImages(2);
        night();
        rollback(null);
        failAt = 1;
        newImages(3);
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class);
        java.nio.file.Path page = folder.resolve("pages/history.html");
        new HistoryJob(configuration, new HistoryOptions(workspace.toString(), page.toString(), false), out).run();

        Document html = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(page.toFile());
        assertThat(PageElements.texts(html, "h1")).containsExactly("workspace");
        assertThat(PageElements.texts(html, "h2")).containsExactly("Cycles", "Samples", "Nights");
        assertThat(PageElements.texts(html, "p")).contains("Run 0001 is promoted. 3 nights: 2 promoted a run, 0 kept the one before, 0 found nothing new,"
                + " 1 failed.");
        assertThat(PageElements.texts(html, "h3")).containsExactly("Cycle 0002, promoted", "Cycle 0001, promoted");
        List<String> cells = PageElements.texts(html, "td");
        assertThat(cells).contains("rolled back", "unfinished", cycle("0002").get("reason").asText())
                .anyMatch(cell -> cell.startsWith("train 4 + 4, test 4 + 4 ("))
                .anyMatch(cell -> cell.contains("power cut at step 1"));
        assertThat(PageElements.texts(html, "th")).containsSubsequence("source", "run 0001", "run 0002");
        List<String> pictures = PageElements.attributes(html, "img", "alt");
        assertThat(pictures).as("4 of each domain, by two runs and by one").hasSize(2 * 4 * 3 + 2 * 4 * 2);
        assertThat(PageElements.attributes(html, "img", "src")).allMatch(source -> source.startsWith("data:image/jpeg;base64,"));
        assertThat(names("samples")).containsExactly("0001.json", "0002.json");
    }

    @Test
    void aRollbackNeedsARunThatCanTranslate() throws IOException {
        assertThatThrownBy(() -> rollback(null)).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("--workspace is " + workspace + ": retrain has begun no cycle there");
        assertThat(workspace).doesNotExist();
        night();
        assertThatThrownBy(() -> rollback(null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--to is missing: run 0001 did not begin with another one's parameters; name one of 0001");
        assertThatThrownBy(() -> rollback("0007")).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--to is 0007: is no run of the workspace (any more); must be one of 0001");
        newImages(2);
        night();
        copy(workspace.resolve("runs/0001"), workspace.resolve("runs/0009"));
        Files.writeString(workspace.resolve("runs/0009/checkpoints/step-00000002/parameters.safetensors"), "cut");
        Files.writeString(workspace.resolve("runs/0009/checkpoints/step-00000001/parameters.safetensors"), "cut");
        assertThatThrownBy(() -> rollback("0009")).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("run 0009 cannot be promoted: ");
        assertThat(promoted()).isEqualTo("0002\n");
        assertThat(rollback("0002").to()).as("as it is").isEqualTo("0002");
        assertThat(workspace.resolve("rollbacks")).doesNotExist();
    }

    @Test
    void aRollbackNeedsARunWhoseCycleIsOverAndTellsOfOneThatWasNeverJudged() throws IOException {
        night();
        newImages(2);
        failAt = 1;
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class);
        assertThatThrownBy(() -> rollback("0002")).isInstanceOf(InvalidRequestException.class).hasMessage("--to is 0002: its cycle is not over,"
                + " the next night goes on with it; must be the run of a cycle that is: `history` lists them");
        assertThat(promoted()).isEqualTo("0001\n");
        Files.writeString(workspace.resolve("cycles/0002.json"), cycle("0002").toString().replaceFirst("\\}$",
                ",\"outcome\":\"failed\",\"reason\":\"training diverged at step 2\"}"));
        assertThat(rollback("0002").to()).isEqualTo("0002");
        assertThat(told()).containsExactly("run 0002 was not trained to its end and never judged: training diverged at step 2");
        assertThat(promoted()).isEqualTo("0002\n");
    }

    @Test
    void historyLeavesOutWhatIsDamagedButNoCycle() throws IOException {
        night();
        night();
        Files.writeString(workspace.resolve("nights/0001.json"), "{\"outcome\":");
        Files.createDirectories(workspace.resolve("rollbacks"));
        Files.writeString(workspace.resolve("rollbacks/0001.json"), "");
        Files.writeString(workspace.resolve("samples/0001.json"), "null");
        new HistoryJob(configuration, new HistoryOptions(workspace.toString(), folder.resolve("page.html").toString(), false), out).run();
        assertThat(told()).hasSize(3).allMatch(line -> line.endsWith("; it is left out"))
                .anyMatch(line -> line.startsWith("file:" + workspace + "/nights/0001.json is damaged: "))
                .anyMatch(line -> line.startsWith("file:" + workspace + "/rollbacks/0001.json is damaged: "))
                .anyMatch(line -> line.startsWith("file:" + workspace + "/samples/0001.json is damaged: "));
        assertThat(folder.resolve("page.html")).content().contains("1 night: 0 promoted a run", "No night has drawn any yet.");
        assertThat(history().table().rows()).hasSize(1);
        Files.writeString(workspace.resolve("cycles/0001.json"), "");
        assertThatThrownBy(this::history).isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("file:" + workspace + "/cycles/0001.json is damaged: ");
    }

    @Test
    void historyShowsNightsBeforeTheFirstCycle() throws IOException {
        Files.delete(input.resolve("testB/1.png"));
        refused("testB holds 3");
        assertThat(history().lines()).hasSize(3).last().isEqualTo("no run is promoted");
        assertThat(history().lines().get(1)).startsWith("the night of ").contains(" failed: ", "testB holds 3, needs at least 4 images");
        assertThatThrownBy(() -> rollback(null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--workspace is " + workspace + ": no run is promoted there, so there is nothing to take back");
    }

    @Test
    void aRunThatSomebodyHasPutThereStays() throws IOException {
        night();
        copy(workspace.resolve("runs/0001"), workspace.resolve("runs/0002"));
        newImages(2);
        assertThat(night().cycle()).isEqualTo("0003");
        assertThat(parameters("0002", 2)).isEqualTo(parameters("0001", 2));
    }

    @Test
    void pruningKeepsThePromotedRunAndWhatItBeganWith() throws IOException {
        night();
        for (int seed = 2; seed < 5; seed++) {
            newImages(seed);
            night();
        }
        assertThat(prune(1)).containsExactly("0001", "0002");
        assertThat(names("runs")).containsExactly("0003", "0004");
        assertThat(names("datasets")).as("that of 0003, and that of 0004").containsExactly("0001", "0004");
        assertThat(prune(1)).isEmpty();
        assertThat(history().table().rows()).hasSize(4);
    }

    @Test
    void pruningGoesOnBesideALeftoverThatCannotBeDeletedAndSaysBoth() throws IOException {
        for (int seed = 1; seed < 4; seed++) {
            newImages(seed);
            night();
        }
        String left = "samples/.tmp-" + new UUID(0, 0);
        Files.createDirectories(workspace.resolve(left));
        NightDisk.refuseToDelete(left);
        try {
            assertThatThrownBy(() -> new PruneJob(NightDisk.register(new Configuration()), new PruneOptions("night:" + workspace, 1),
                    new PrintStream(new ByteArrayOutputStream())).run()).isInstanceOf(JobFailedException.class)
                    .hasMessage("cannot delete all in night:" + workspace + ": night:" + workspace + "/" + left + ": cannot be deleted;"
                            + " deleted are runs and data sets 0001; the same command goes on");
        } finally {
            NightDisk.refuseToDelete(null);
        }
        assertThat(names("runs")).containsExactly("0002", "0003");
    }

    @Test
    void aCommandAndAnAddressAreToldAndCannotFailTheNight() throws IOException {
        AtomicReference<String> posted = new AtomicReference<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            posted.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(posted.get().contains("nothing_new") ? 500 : 204, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?token=secret";
            notify = new NotifyOptions(url, "cat > '" + folder.resolve("told.json") + "'");
            night();
            JsonNode written = JSON.readTree(Files.readString(workspace.resolve("nights/0001.json")));
            assertThat(written.get("outcome").asText()).isEqualTo("promoted");
            assertThat(written.get("cycle").asText()).isEqualTo("0001");
            assertThat(written.get("reason").asText()).startsWith("the first run of the workspace");
            assertThat(JSON.readTree(posted.get())).isEqualTo(written);
            assertThat(JSON.readTree(Files.readString(folder.resolve("told.json")))).isEqualTo(written);
            assertThat(said()).noneMatch(line -> line.contains("notify"));

            notify = new NotifyOptions(url, "exit 3");
            assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
            assertThat(said()).contains(
                    "--notify-url: http://127.0.0.1:" + server.getAddress().getPort() + " answered with status 500; the night stands",
                    "--notify-command: ended with status 3; the night stands").noneMatch(line -> line.contains("secret"));
        } finally {
            server.stop(0);
        }
        assertThat(night().outcome()).isEqualTo(RetrainResult.Outcome.NOTHING_NEW);
        assertThat(said()).anyMatch(line -> line.startsWith("--notify-url: http://127.0.0.1:") && line.contains(" was not told: "));
    }

    @Test
    void aNightThatFailedIsToldToo() throws IOException {
        failAt = 1;
        notify = new NotifyOptions(null, "cat > '" + folder.resolve("told.json") + "';"
                + " ls -A '" + workspace + "' > '" + folder.resolve("there") + "'");
        assertThatThrownBy(this::night).isInstanceOf(JobFailedException.class).hasMessageContaining("power cut at step 1");
        JsonNode told = JSON.readTree(Files.readString(folder.resolve("told.json")));
        assertThat(told.get("outcome").asText()).isEqualTo("failed");
        assertThat(told.get("reason").asText()).contains("power cut at step 1");
        assertThat(Files.readAllLines(folder.resolve("there"))).as("the lock is given back first").contains("cycles")
                .noneMatch(OutputLock::isLock);
        assertThat(history().lines()).anyMatch(line -> line.startsWith("the night of ") && line.contains("power cut at step 1"))
                .contains("no run is promoted");
        assertThat(history().table().rows().get(0).get(6)).isEqualTo("unfinished");
    }

    @Test
    void aNightThatCannotBeginIsToldToo() throws IOException {
        java.nio.file.Path file = folder.resolve("told.json");
        notify = new NotifyOptions(null, "cat > '" + file + "'");
        conf.put("tolerance", 2);
        refused("tolerance is 2: must be a number from 0 to 1");
        JsonNode told = JSON.readTree(Files.readString(file));
        assertThat(told.get("outcome").asText()).isEqualTo("failed");
        assertThat(told.get("reason").asText()).startsWith("--conf is " + folder.resolve("conf.json") + ": tolerance is 2: ");
        assertThat(workspace).doesNotExist();

        conf.put("tolerance", 1);
        Files.writeString(workspace, "no folder");
        refused("workspace is " + workspace + ": is a file, must be a folder");
        assertThat(JSON.readTree(Files.readString(file)).get("reason").asText()).endsWith("is a file, must be a folder");
        Files.delete(workspace);
        Files.delete(file);

        try (OutputLock other = OutputLock.inside(configuration, new Path(workspace.toUri()), "retrain", "workspace", line -> { })) {
            assertThatThrownBy(this::night).isInstanceOf(HeldException.class);
            other.requireHeld();
        }
        assertThat(file).as("the night is the other's").doesNotExist();
    }

    @Test
    void aSecondNightIsRefusedByNameOrWaits() throws Exception {
        CompletableFuture<RetrainResult> waiting;
        try (OutputLock first = OutputLock.inside(configuration, new Path(workspace.toUri()), "retrain", "workspace", line -> { })) {
            assertThatThrownBy(this::night).isInstanceOf(HeldException.class)
                    .hasMessageContaining("the retrain job that process " + ProcessHandle.current().pid());
            await = true;
            waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return night();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (said().stream().noneMatch(line -> line.startsWith("waiting for the workspace: the retrain job that process "))) {
                assertThat(waiting).isNotDone();
                Thread.sleep(20);
            }
            first.requireHeld();
        }
        assertThat(waiting.get().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
        assertThat(names("nights")).as("a refused one is no night").containsExactly("0001.json");
    }

    @Test
    void oneThatWaitsForAHolderOutOfSightSaysSoOnce() throws Exception {
        java.nio.file.Path lock = Files.createDirectories(workspace.resolve(".ugatit-lock")).resolve("theirs");
        Files.writeString(lock, "of another make");
        await = true;
        CompletableFuture<RetrainResult> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return night();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int renewal = 0; renewal < 70; renewal++) { // some attempts of a pause of 2 s and a look of half a second
            Files.setLastModifiedTime(lock, FileTime.fromMillis(1_000_000L + 2000L * renewal));
            Thread.sleep(100);
        }
        assertThat(said()).hasSize(2).anyMatch(line -> line.contains("a job that left no name") && line.contains("may have been killed"))
                .anyMatch(line -> line.startsWith("waiting for the workspace: a job that left no name"));
        Files.delete(lock);
        assertThat(waiting.get().outcome()).isEqualTo(RetrainResult.Outcome.PROMOTED);
    }

    @Test
    void wrongOptionsAreNamed() {
        assertThatThrownBy(() -> new NotifyOptions("ftp://host/x", null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--notify-url is 'ftp://host/x': must be an address that begins with http:// or https://");
        assertThatThrownBy(() -> new NotifyOptions("http://host:99999/", null)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--notify-url is 'http://host:99999/': its port must be from 1 to 65535");
        assertThatThrownBy(() -> new NotifyOptions(null, " ")).hasMessage("--notify-command is empty: must be a command");
        assertThatThrownBy(() -> new RetrainOptions("x", null, false, 2, null))
                .hasMessage("--status-when-kept is 2: must be 0, or from 3 to 255: 1 is a failure and 2 a wrong request");
        assertThatThrownBy(() -> new RollbackOptions("w", "last")).hasMessage("--to is 'last': must be the name of a run, such as 0003");
        assertThatThrownBy(() -> new PruneOptions("w", 0)).hasMessage("--keep is 0: must be from 1 to 2147483647");
    }
}
