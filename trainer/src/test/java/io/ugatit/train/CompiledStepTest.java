package io.ugatit.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.process.JavaProcess;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** A step's bits must not depend on how far the JVM has compiled it: a resumed run starts in a JVM that has compiled nothing. */
@Tag("slow")
class CompiledStepTest {
    @TempDir
    private Path folder;

    /** What the other JVM does: the same step again and again, each time from the same start. */
    static final class Stepper {
        private Stepper() { }

        public static void main(String[] args) {
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                UgatitGraph graph = UgatitGraph.create(new NetworkOptions(16, 4, 1, true, false, 4, 3), 1);
                graph.prepareTraining();
                TrainingSchedule schedule = new TrainingSchedule(LossWeights.AUTHORS, new LearningRate(1e-4, 10), 1e-4);
                Nd4j.getRandom().setSeed(2);
                new AlternatingStep(graph, schedule, 0).fit(Nd4j.rand(DataType.FLOAT, 1, 3, 16, 16), Nd4j.rand(DataType.FLOAT, 1, 3, 16, 16));
                System.out.println("bits " + Arrays.hashCode(graph.params().dup('c').data().asFloat()));
            }
        }
    }

    private List<String> bits(int times, String mode) throws Exception {
        try (JavaProcess process = JavaProcess.start(folder.resolve("output"), List.of(mode, "-XX:TieredStopAtLevel=4"), Stepper.class, String.valueOf(times))) {
            assertThat(process.await()).as(process.said()).isZero();
            return process.said().lines().filter(line -> line.startsWith("bits ")).toList();
        }
    }

    @Test
    void aStepHasTheSameBitsInterpretedAndCompiled() throws Exception {
        List<String> interpreted = bits(1, "-Xint");
        List<String> compiled = bits(150, "-Xmixed");
        assertThat(interpreted).hasSize(1);
        assertThat(compiled).hasSize(150).containsOnly(interpreted.get(0));
    }
}
