package io.ugatit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.evaluate.inception.SyntheticWeights;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.VanishingFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FidFeaturesTest {
    /** The network has some 90. */
    private static final long FEW_MEGABYTES = 20 << 20;

    @TempDir
    Path folder;

    @Test
    void nothingIsLeftOfANetworkWhoseFileGoesBeforeItIsHashed() throws Exception {
        Path of = Files.createDirectories(folder.resolve("weights"));
        SyntheticWeights.write(of.resolve("fid.safetensors"));
        Configuration configuration = VanishingFileSystem.configure(new Configuration());
        ExtractorSource source = new ExtractorSource(FidFeatures.NAME, "vanishing:" + of.resolve("fid.safetensors"), "0".repeat(64));
        VanishingFileSystem.delete(of.toString(), "fid.safetensors", 3);
        long before = Pointer.totalBytes();
        assertThatThrownBy(() -> FidFeatures.of(source, configuration)).isInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith("there is no such file");
        assertThat(Pointer.totalBytes()).isLessThan(before + FEW_MEGABYTES);
    }
}
