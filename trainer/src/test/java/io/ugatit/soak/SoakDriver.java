package io.ugatit.soak;

import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.cluster.TrainingListener;
import io.ugatit.job.Options;
import io.ugatit.model.UgatitGraph;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;

/** The driver in a JVM of its own: the job of {@code train}, which says every round in a line. */
public final class SoakDriver {
    /** What the line of a round begins with; its last step follows. */
    static final String ROUND = "round ";
    /** What the line of a failure begins with. */
    static final String FAILED = "failed: ";
    /** Property: the file that a training waits for before its last rounds; without it none is waited for. */
    static final String HOLD = "soak.hold";

    private SoakDriver() { }

    /** @param args the words of the train command; Spark's settings are system properties */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int status = 0;
        try (SparkSession session = SparkSession.builder().appName("soak").getOrCreate()) {
            TrainOptions options = Options.parse(TrainOptions.class, args);
            new TrainJob(session, options, new Rounds(out, options.steps())).run();
        } catch (Exception | Error e) { // an exit status is owed for all of them
            out.println(FAILED + e);
            e.printStackTrace(out);
            status = 1;
        }
        System.exit(status);
    }

    /** Says rounds and warnings. */
    private record Rounds(PrintStream out, long steps) implements TrainingListener {
        @Override
        public void started(long stepsDone, long steps) {
            out.println("goes on after step " + stepsDone);
        }

        @Override
        public void workers(String line) {
            out.println(line);
        }

        /** Holds the training at nine tenths for as long as it is asked to. */
        @Override
        public void round(long stepsDone, double dLoss, double gLoss) {
            out.println(ROUND + stepsDone);
            String hold = System.getProperty(HOLD);
            while (hold != null && stepsDone * 10 >= steps * 9 && Files.notExists(Path.of(hold))) {
                try {
                    TimeUnit.MILLISECONDS.sleep(50);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted while the training is held", e);
                }
            }
        }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            out.println("checkpoint " + stepsDone);
        }

        @Override
        public void warning(String line) {
            out.println("warning: " + line);
        }
    }
}
