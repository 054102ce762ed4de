package io.ugatit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.process.JavaProcess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Option;

class UgatitTest {
    record Job(
            @Option(names = "--output", required = true, paramLabel = "DIR", description = "Where the result goes.") String output,
            @Option(names = "--size", defaultValue = "256") int size) {
        Job {
            if (size < 32) {
                throw new InvalidRequestException("--size is " + size + ": must be at least 32");
            }
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Command.Action<Job> action, String... args) {
        Command<Job> job = new Command<>("paint", "Paints a picture.", Job.class, action);
        return new Ugatit(List.of(job)).execute(args, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private int failingWith(RuntimeException failure, String... args) {
        return run((spark, options, result) -> {
            throw failure;
        }, args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aJobThatIsDonePrintsItsResultAndExitsWithZero() {
        int status = run((spark, options, result) -> result.println("painted " + options.output() + " at " + options.size()),
                "paint", "--output", "sky", "--size=64");
        assertThat(status).isZero();
        assertThat(out()).isEqualToIgnoringNewLines("painted sky at 64");
        assertThat(err()).isEmpty();
    }

    @Test
    void aWrongOptionExitsWithTwoAndOneLineBeforeTheJobBegins() {
        int status = failingWith(new MustNotRun(), "paint", "--output", "sky", "--size", "big");
        assertThat(status).isEqualTo(2);
        assertThat(err()).isEqualToIgnoringNewLines("--size is 'big': must be a whole number up to 2147483647");
        assertThat(out()).isEmpty();
    }

    @Test
    void whatTheOptionsRecordRefusesExitsWithTwoBeforeTheJobBegins() {
        assertThat(failingWith(new MustNotRun(), "paint", "--output", "sky", "--size", "8")).isEqualTo(2);
        assertThat(err()).isEqualToIgnoringNewLines("--size is 8: must be at least 32");
    }

    @Test
    void anUnknownCommandIsRefusedWithTheKnownOnes() {
        assertThat(failingWith(new MustNotRun(), "draw")).isEqualTo(2);
        assertThat(err()).isEqualToIgnoringNewLines("unknown command 'draw': expected one of paint");
    }

    @Test
    void noCommandIsRefused() {
        assertThat(failingWith(new MustNotRun())).isEqualTo(2);
        assertThat(err()).isEqualToIgnoringNewLines("missing command: expected one of paint; --help describes them");
    }

    @Test
    void aFailedJobExitsWithOneAndItsLine() {
        assertThat(failingWith(new JobFailedException("disk full\n  step 12 is safe"), "paint", "--output", "x")).isEqualTo(1);
        assertThat(err()).isEqualToIgnoringNewLines("disk full step 12 is safe");
    }

    @Test
    void anUnexpectedFailureIsNamedInOneLine() {
        assertThat(failingWith(new IllegalStateException("two\nlines"), "paint", "--output", "x")).isEqualTo(1);
        assertThat(err()).isEqualToIgnoringNewLines("failed: IllegalStateException: two (use --verbose for the stack trace)");
    }

    @Test
    void verboseShowsTheStackTraceBeforeOrAfterTheCommand() {
        assertThat(failingWith(new IllegalStateException("no"), "--verbose", "paint", "--output", "x")).isEqualTo(1);
        assertThat(err()).contains("failed: IllegalStateException: no", "\tat io.ugatit.cli.UgatitTest");
        err.reset();
        assertThat(failingWith(new JobFailedException("no", new IllegalStateException()), "paint", "--verbose", "--output", "x"))
                .isEqualTo(1);
        assertThat(err().lines()).first().isEqualTo("no");
        assertThat(err()).contains("Caused by: java.lang.IllegalStateException");
    }

    @Test
    void helpListsCommandsAndACommandsHelpItsOptions() {
        assertThat(failingWith(new MustNotRun(), "--help")).isZero();
        assertThat(out()).contains("paint", "Paints a picture.", "--verbose", "Exit status: 0 done");
        out.reset();
        assertThat(failingWith(new MustNotRun(), "paint", "--help")).isZero();
        assertThat(out()).contains("Usage: ugatit paint", "--output=DIR", "Where the result goes.", "Default: 256");
    }

    @Test
    void theVersionNamesSparkAndJava() {
        assertThat(failingWith(new MustNotRun(), "--version")).isZero();
        assertThat(out()).startsWith("ugatit-spark ").contains("Spark 3.5", "Java 17");
    }

    @Test
    @Tag("slow")
    void whatATaskInAnotherProcessRefusesIsShownWithoutSparksMessage() {
        Map<String, String> settings = Map.of("spark.master", "local-cluster[1,1,1024]", "spark.executor.memory", "512m",
                "spark.executor.extraClassPath", JavaProcess.classPath());
        VoidFunction<Integer> refusal = number -> {
            throw new JobFailedException("photo.jpg vanished; shard 3 is safe");
        };
        settings.forEach(System::setProperty);
        try {
            int status = run((spark, options, result) -> paintOn(spark.get(), refusal), "paint", "--output", "x");
            assertThat(status).isEqualTo(1);
            assertThat(err()).isEqualToIgnoringNewLines("photo.jpg vanished; shard 3 is safe");
            assertThat(SparkSession.getDefaultSession().isEmpty()).as("Spark was stopped").isTrue();
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    private static void paintOn(SparkSession session, VoidFunction<Integer> work) {
        new JavaSparkContext(session.sparkContext()).parallelize(List.of(1, 2)).foreach(work);
    }

    /** Thrown by an action that must not run. */
    private static final class MustNotRun extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whatATerminalWouldObeyIsNotPrinted() {
        assertThat(failingWith(new InvalidRequestException("a\u001b[2Jb.parquet is\u0007 damaged"), "paint", "--output", "sky", "--size", "64"))
                .isEqualTo(2);
        assertThat(err()).isEqualToIgnoringNewLines("a?[2Jb.parquet is? damaged");
    }
}
