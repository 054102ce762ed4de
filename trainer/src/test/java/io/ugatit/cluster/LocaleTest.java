package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.cluster.SmallTraining.Silent;
import io.ugatit.model.UgatitGraph;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of files do not depend on how the user's language writes numbers. */
@Tag("slow")
class LocaleTest {
    @TempDir
    private static Path folder;

    @Test
    void whereDigitsAreArabicARunIsMadeAndGoneOnWith() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try (SparkSession spark = SmallTraining.session("local[2]")) {
            assertThat(String.format("%d", 7)).as("digits").isEqualTo("\u0667");
            String data = SmallTraining.dataset(spark, folder, SmallTraining.SIZE, 1);
            Path run = folder.resolve("run");
            TrainOptions options = SmallTraining.options(data, run, "--steps", "4", "--averaging-frequency", "2", "--checkpoint-every", "1");
            assertThatThrownBy(() -> new TrainJob(spark, options, new Silent() {
                @Override
                public void checkpoint(UgatitGraph graph, long stepsDone) {
                    throw new IllegalStateException("stopped by the test");
                }
            }).run()).hasMessage("stopped by the test");
            Silent listener = new Silent();
            new TrainJob(spark, options, listener).run();

            assertThat(listener.startedAfter).isEqualTo(2);
            assertThat(new CheckpointStore(SmallTraining.directory(run)).steps()).contains(4L);
            assertThat(SmallTraining.tree(folder)).allMatch(name -> name.chars().allMatch(c -> c < 128));
        } finally {
            Locale.setDefault(before);
        }
    }
}
