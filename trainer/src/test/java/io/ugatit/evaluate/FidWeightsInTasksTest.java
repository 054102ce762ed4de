package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.job.Progress;
import io.ugatit.job.WatchedJob;
import io.ugatit.model.Network;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.translate.generator.GeneratorSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class FidWeightsInTasksTest extends EvaluateFixture {
    @Test
    void weightsThatAnExecutorDoesNotSeeAreToldWithItsHost() throws Exception {
        Path weights = folder.resolve("on the driver only.safetensors");
        ExtractorSource extractor = new ExtractorSource(FidFeatures.NAME, "file:" + weights, "0".repeat(64));
        org.apache.hadoop.fs.Path parameters = new org.apache.hadoop.fs.Path("file:" + run + "/checkpoints/step-00000012/parameters.safetensors");
        Generators generators = new Generators(GeneratorSource.of(new Configuration(), parameters, Network.GEN_A2B, NETWORK),
                GeneratorSource.of(new Configuration(), parameters, Network.GEN_B2A, NETWORK));
        ImageDataset images = ImageDataset.open(dataset, new Configuration());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop = context.broadcast(new SerializableConfiguration(new Configuration()));
        Packed<Slice> slice = Packed.of(new Slice(Domain.A, 0, 1, 1, IMAGES));

        assertThatThrownBy(() -> WatchedJob.collect(context, new Progress("evaluate", 1, "images", out, System::nanoTime), "safe",
                done -> context.parallelize(List.of(slice), 1)
                        .map(new MeasureTask(hadoop, images, generators, extractor, Set.of(), Pairs.none(), KernelOptions.DEFAULT, done))))
                .isInstanceOf(JobFailedException.class).hasMessage("--fid-weights file:" + weights + " cannot be read on " + Host.name()
                        + " (there is no such file): give a path that every executor sees");
    }
}
