package io.ugatit.soak;

import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.job.Options;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** The driver in a JVM of its own: the job of {@code train}, which says every round in a line. */
public final class SoakDriver {
    /** What the line of a failure begins with. */
    static final String FAILED = "failed: ";
    /** However soon all faults are dealt. */
    static final long LEAST_STEPS = 60;
    /** Property: names the file that is there when the training may end. */
    static final String ENOUGH = "soak.enough";

    private SoakDriver() { }

    /** @param args the words of the train command; Spark's settings are system properties */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int status = 0;
        try (SparkSession session = SparkSession.builder().appName("soak").getOrCreate()) {
            TrainOptions options = Options.parse(TrainOptions.class, args);
            Path file = Path.of(System.getProperty(ENOUGH));
            new TrainJob(session, options, new SoakListener(out::println, step -> step >= LEAST_STEPS && Files.exists(file))).run();
        } catch (SoakListener.EnoughException e) {
            out.println(e.getMessage());
        } catch (Exception | Error e) { // an exit status is owed for all of them
            out.println(FAILED + e);
            e.printStackTrace(out);
            status = 1;
        }
        System.exit(status);
    }
}
