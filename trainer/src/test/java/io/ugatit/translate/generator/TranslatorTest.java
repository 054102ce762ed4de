package io.ugatit.translate.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.golden.GoldenWeights;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.choice.KernelKind;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.StandInDriver;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Translators on a GPU with little memory. */
class TranslatorTest {
    private static final NetworkOptions OPTIONS = new NetworkOptions(64, 8, 1, true, false, 4, 3);
    /** The stream fits in it, but not the parameters. */
    private static final long LITTLE = 300_000;

    @TempDir
    Path folder;

    @BeforeEach
    void use() {
        StandInDriver.use();
    }

    @AfterEach
    void leave() {
        StandInDriver.limit(null);
        StandInDriver.leave();
    }

    @Test
    void oneThatFindsNoMemoryGivesBackWhatItHasTaken() throws Exception {
        String file = GoldenWeights.write(folder.resolve("weights.safetensors"), UgatitGraph.create(OPTIONS, 5).namedParameters());
        Configuration configuration = new Configuration();
        GeneratorSource source = GeneratorSource.of(configuration, new org.apache.hadoop.fs.Path(file), Network.GEN_A2B, OPTIONS);
        KernelChoice kernels = KernelChoice.of(new KernelOptions(KernelKind.CUDA, Precision.FP32), List.of());
        TranslatorPool pool = new TranslatorPool();
        long allocated = StandInDriver.count("ugatitAllocated");
        StandInDriver.limit(LITTLE);
        assertThatThrownBy(() -> pool.borrow(configuration, source, kernels)).isInstanceOf(OutOfDeviceMemoryException.class);
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
        assertThat(pool.borrowed()).isZero();
        StandInDriver.limit(null);
        Translator translator = pool.borrow(configuration, source, kernels);
        pool.giveBack(source, kernels, translator);
        pool.freeUnused();
        assertThat(StandInDriver.count("ugatitAllocated")).isEqualTo(allocated);
    }
}
