package io.ugatit.evaluate.inception;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.InvalidRequestException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FidWeightsTest {
    private final Map<String, long[]> shapes = SyntheticWeights.shapes();
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("fid.safetensors");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refusal() {
        return assertThatThrownBy(() -> Inception.fid(new Configuration(), new org.apache.hadoop.fs.Path(file.toUri())))
                .isInstanceOf(InvalidRequestException.class).hasMessageStartingWith("file:" + file + ": ").hasMessageNotContaining("\n");
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        shapes.remove("Mixed_6c.branch7x7dbl_4.bn.running_mean");
        SyntheticWeights.holes(file, shapes);
        refusal().hasMessageEndingWith("tensor \"Mixed_6c.branch7x7dbl_4.bn.running_mean\" is missing, expected with shape [160]");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        shapes.put("Mixed_6b.branch7x7_2.conv.weight", new long[] {128, 128, 7, 1});
        SyntheticWeights.holes(file, shapes);
        refusal().hasMessageEndingWith("tensor \"Mixed_6b.branch7x7_2.conv.weight\" has shape [128, 128, 7, 1], expected [128, 128, 1, 7]");
    }

    @Test
    void torchvisionsNetworkOfTheSameNamesIsRefused() throws IOException {
        shapes.put("fc.weight", new long[] {1000, 2048});
        SyntheticWeights.holes(file, shapes);
        refusal().hasMessageEndingWith("tensor \"fc.weight\" has shape [1000, 2048], expected [1008, 2048]");
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        SyntheticWeights.holes(file, shapes);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(access.length() / 2);
        }
        refusal().hasMessageContaining("but the file holds");
    }

    @Test
    void aNumberThatIsNoneIsRefused() throws IOException {
        SyntheticWeights.holes(file, shapes);
        SyntheticWeights.set(file, shapes, "Conv2d_2a_3x3.conv.weight", Float.NaN);
        refusal().hasMessageEndingWith("tensor \"Conv2d_2a_3x3.conv.weight\" holds values that are infinite or not a number");
    }

    @Test
    void aNegativeVarianceIsRefused() throws IOException {
        SyntheticWeights.holes(file, shapes);
        SyntheticWeights.set(file, shapes, "Conv2d_1a_3x3.bn.running_var", -0.5f);
        refusal().hasMessageEndingWith("tensor \"Conv2d_1a_3x3.bn.running_var\" holds the negative variance -0.5");
    }

    @Test
    void finiteNumbersThatAreInfiniteTogetherAreRefused() throws IOException {
        SyntheticWeights.holes(file, shapes);
        SyntheticWeights.set(file, shapes, "Conv2d_1a_3x3.conv.weight", 3e38f);
        SyntheticWeights.set(file, shapes, "Conv2d_1a_3x3.bn.weight", 10);
        refusal().hasMessageEndingWith("weights and batch normalization of \"Conv2d_1a_3x3\" together are infinite");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        refusal().hasMessageEndingWith("there is no such file");
    }
}
