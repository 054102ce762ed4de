package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.exchange.ImportJob;
import io.ugatit.exchange.ImportOptions;
import io.ugatit.golden.GoldenWeights;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.job.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What translate refuses before it writes anything. */
@Tag("slow")
class TranslateRefusalsTest extends TranslateFixture {
    @Test
    void pathsThatAreNoneAreNamedWithTheirOption() throws Exception {
        addImages(1);
        TranslateOptions good = options(false, false);
        assertRefused(new TranslateOptions(null, weights, Direction.A2B, "a:b", good.output(), ImageEncoder.PNG, false, false, SIZE, Fit.STRETCH),
                "--input is a:b: what stands before a colon counts as a scheme; if it is a name, write ./a:b or the whole path");
        Path file = input().resolve("image-0.png");
        assertRefused(new TranslateOptions(null, weights, Direction.A2B, good.from().input(), file + "/out", ImageEncoder.PNG, false, false, SIZE,
                Fit.STRETCH), "--output is " + file + "/out: file:" + file + " is a file, must be a folder");
        assertRefused(new TranslateOptions(null, "foo://w", Direction.A2B, good.from().input(), good.output(), ImageEncoder.PNG, false, false, SIZE,
                Fit.STRETCH), "--weights is foo://w: no file system is known for it, expected a path of file, hdfs or one that is installed");
    }

    @Test
    void aFolderWithOtherFilesIsNotWrittenTo() throws Exception {
        addImages(1);
        Files.createDirectories(output());
        Files.writeString(output().resolve("image-0.png"), "precious");
        assertRefused(options(false, false), "--output is file:" + output()
                + ": holds files that are no translations; choose another --output, or --overwrite to write among them");
        assertThat(output().resolve("image-0.png")).hasContent("precious");
    }

    @Test
    void anInputThatIsMissingOrEmptyIsRefused() throws Exception {
        assertRefused(options(false, false), "--input is file:" + input() + ": there is no such folder");
        Files.createDirectories(input());
        assertRefused(options(false, false), "--input is file:" + input() + ": holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF)");
        Files.writeString(input().resolve(".hidden.png"), "hidden");
        assertRefused(options(false, false), "--input is file:" + input() + ": holds no images (JPEG, PNG, GIF, BMP, WebP, TIFF); left out are "
                + ".hidden.png (hidden: its name begins with a dot)");
        assertThat(output()).doesNotExist();
    }

    @Test
    void anOutputInsideTheInputIsRefused() throws Exception {
        addImages(1);
        assertRefused(new TranslateOptions(null, weights, Direction.A2B, input().toString(), input().resolve("sub").toString(), ImageEncoder.PNG,
                false, false, SIZE, Fit.STRETCH), "--output is file:" + input().resolve("sub") + ": must be outside --input file:" + input()
                + " and not around it");
    }

    @Test
    void aModelThatIsNoneIsRefusedBeforeAnythingIsWritten() throws Exception {
        addImages(1);
        Map<String, INDArray> tensors = GoldenWeights.tensors("light");
        tensors.get("genA2B.conv1x1.bias").putScalar(0, Float.POSITIVE_INFINITY);
        weights = GoldenWeights.write(folder.resolve("infinite.safetensors"), tensors);
        assertRefused(options(false, false), "file:" + weights
                + ": tensor \"genA2B.conv1x1.bias\" holds values that are infinite or not a number");
        tensors.remove("genA2B.conv1x1.bias");
        weights = GoldenWeights.write(folder.resolve("missing.safetensors"), tensors);
        assertRefused(options(false, false), "file:" + weights + ": tensor \"genA2B.conv1x1.bias\" is missing, expected with shape ["
                + tensors.get("genA2B.conv1x1.weight").size(0) + "]");
        weights = shared.resolve("light.safetensors").toString();
        assertThat(output()).doesNotExist();
    }

    @Test
    void kernelsForCpusThatDoNotReachAreRefused() throws Exception {
        addImages(1);
        assertRefused(Options.parse(TranslateOptions.class, "--weights", weights, "--size", "2048", "--batch", "16", "--kernels", "cpu",
                "--direction", "a2b", "--input", input().toString(), "--output", output().toString()),
                "--kernels is cpu, which reaches 2147483647 bytes of a feature map, but the largest takes 4320169984: give --kernels"
                        + " nd4j, or make size, batch or channels smaller");
        assertThat(output()).doesNotExist();
    }

    @Test
    void aRunWithoutAWholeCheckpointIsRefused() throws Exception {
        addImages(1);
        Path run = folder.resolve("run");
        TranslateOptions options = new TranslateOptions(run.toString(), null, Direction.A2B, input().toString(), output().toString(),
                ImageEncoder.PNG, false, false, null, Fit.STRETCH);
        assertRefused(options, "--run " + run + " has no config.json; it must name the folder of a training run");
        new ImportJob(new Configuration(), new ImportOptions(weights, run.toString(), SIZE)).run();
        Path parameters = run.resolve("checkpoints/step-00000000/parameters.safetensors");
        byte[] bytes = Files.readAllBytes(parameters);
        bytes[bytes.length - 1] ^= 1;
        Files.write(parameters, bytes);
        assertRefused(options, "--run is file:" + run + ": has no whole checkpoint: The checkpoint file:" + parameters.getParent()
                + " is damaged and skipped: parameters.safetensors does not match its sha256");
        assertThat(output()).doesNotExist();
    }
}
