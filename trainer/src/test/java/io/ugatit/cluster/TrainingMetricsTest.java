package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.model.UgatitGraph;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus and the Spark UI's users see of a training, through Spark's own web server. */
@Tag("slow")
class TrainingMetricsTest {
    @TempDir
    private Path folder;

    private static String page(SparkSession spark, String path) {
        try {
            URI uri = URI.create(spark.sparkContext().uiWebUrl().get() + path);
            return HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        } catch (Exception e) {
            throw new AssertionError("Spark's web server does not answer", e);
        }
    }

    private static double gauge(String metrics, String name) {
        Matcher line = Pattern.compile("(?m)^metrics_ugatit_driver_training_" + name + "_Value\\{[^}]*} (\\S+)$").matcher(metrics);
        assertThat(line.find()).as(name + " in\n" + metrics).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private static SparkSession session() {
        return SmallTraining.session("local[2]", "spark.ui.enabled", "true", "spark.ui.port", "0",
                "spark.metrics.namespace", "ugatit", "spark.metrics.conf.*.sink.prometheusServlet.class",
                "org.apache.spark.metrics.sink.PrometheusServlet", "spark.metrics.conf.*.sink.prometheusServlet.path",
                "/metrics/prometheus");
    }

    @Test
    void trainingsInOneSessionHaveTheirOwnGauges() {
        try (SparkSession spark = session()) {
            TrainingMetrics first = new TrainingMetrics();
            TrainingMetrics second = new TrainingMetrics();
            first.set("step", 1);
            second.set("step", 2);
            String both = page(spark, "/metrics/prometheus");
            assertThat(gauge(both, "step")).isEqualTo(1);
            assertThat(gauge(both, "2_step")).isEqualTo(2);
            first.close();
            String one = page(spark, "/metrics/prometheus");
            assertThat(gauge(one, "2_step")).isEqualTo(2);
            assertThat(one).doesNotContain("driver_training_step");
            try (TrainingMetrics third = new TrainingMetrics()) {
                third.set("step", 3);
                second.close();
                String other = page(spark, "/metrics/prometheus");
                assertThat(gauge(other, "step")).as("of the free name").isEqualTo(3);
                assertThat(other).doesNotContain("driver_training_2");
            }
        }
    }

    @Test
    void prometheusFindsTheLastRoundsMeansAndTheUiNamesTheRounds() throws Exception {
        try (SparkSession spark = session()) {
            String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            Path run = folder.resolve("run");
            TrainOptions options = SmallTraining.options(data, run, "--steps", "6", "--workers", "2", "--averaging-frequency", "2",
                    "--checkpoint-every", "1");
            StringBuilder seen = new StringBuilder();
            new TrainJob(spark, options, new SmallTraining.Silent() {
                @Override
                public void checkpoint(UgatitGraph graph, long stepsDone) {
                    if (stepsDone == 4) {
                        seen.append(page(spark, "/metrics/prometheus"));
                    }
                }
            }).run();

            String metrics = seen.toString();
            List<String> lastRound = SmallTraining.metrics(run).subList(4, 8);
            ObjectMapper json = new ObjectMapper();
            double gTotal = 0;
            for (String line : lastRound) {
                JsonNode row = json.readTree(line);
                assertThat(row.get("step").asInt()).isBetween(3, 4);
                gTotal += row.get("g_total").asDouble() / lastRound.size();
            }
            assertThat(gauge(metrics, "g_total")).isCloseTo(gTotal, withPercentage(1e-6));
            assertThat(gauge(metrics, "step")).isEqualTo(4);
            assertThat(gauge(metrics, "checkpoint_step")).isEqualTo(4);
            assertThat(gauge(metrics, "images_per_second")).isCloseTo(2 * 2 * 2 / gauge(metrics, "round_seconds"),
                    withPercentage(1e-6));
            assertThat(gauge(metrics, "averaging_seconds")).isBetween(0.0, gauge(metrics, "round_seconds"));
            assertThat(page(spark, "/metrics/prometheus")).as("after the training").doesNotContain("driver_training_");

            String jobs = page(spark, "/jobs/");
            assertThat(Pattern.compile("round \\d+: steps \\d+ to \\d+").matcher(jobs).results().map(match -> match.group())
                    .collect(Collectors.toSet())).containsExactlyInAnyOrder("round 1: steps 1 to 2", "round 2: steps 3 to 4",
                            "round 3: steps 5 to 6");
        }
    }
}
