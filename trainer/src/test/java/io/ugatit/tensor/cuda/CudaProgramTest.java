package io.ugatit.tensor.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.JobFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kernels that a GPU cannot load, on the stand-in. */
class CudaProgramTest {
    /** No other test uses it, so that nothing is loaded there. */
    private static final int GPU = 1;

    @BeforeEach
    void use() {
        StandInDriver.use();
        StandInCudnn.set("UGATIT_CUDA_DEVICES", "2");
        StandInCudnn.set("UGATIT_CUDA_BAD_PTX", "1");
    }

    @AfterEach
    void leave() {
        StandInCudnn.set("UGATIT_CUDA_BAD_PTX", null);
        StandInCudnn.set("UGATIT_CUDA_DEVICES", null);
        StandInDriver.leave();
    }

    @Test
    void nothingIsLeftOfAContextWhoseKernelsDoNotLoad() {
        long contexts = StandInDriver.count("ugatitContexts");
        assertThatThrownBy(() -> CudaProgram.on(GPU)).isInstanceOf(JobFailedException.class).hasMessageContaining("does not compile the kernels");
        assertThat(StandInDriver.count("ugatitContexts")).isEqualTo(contexts);
    }
}
