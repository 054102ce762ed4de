package io.ugatit.tensor.cuda.cudnn;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.job.Host;
import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.cuda.StandInCudnn;
import io.ugatit.tensor.cuda.StandInDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a cuDNN that cannot be used, and what computes in its place, each in a JVM of its own. */
class CudnnErrorsTest {
    private static final String OWN = "kernels: cuda CPU in the place of a GPU fp32 own convolutions";
    private static final String INSTALL = "install NVIDIA's cuDNN 9 where the loader finds it (ldconfig, LD_LIBRARY_PATH), or name its"
            + " libcudnn.so.9 by -Dugatit.cudnn.library";

    @TempDir
    Path folder;

    private String said(Object library, String... args) throws IOException, InterruptedException {
        List<String> options = List.of("-D" + StandInDriver.PROPERTY + "=" + StandInDriver.path(), "-D" + Cudnn.PROPERTY + "=" + library);
        try (JavaProcess process = JavaProcess.bare(folder.resolve("output"), options, JavaProcess.classPath(),
                CudnnMisfortune.class, args)) {
            process.await();
            return process.said();
        }
    }

    @Test
    void oneThatIsThereIsToldOnce() throws IOException, InterruptedException {
        assertThat(said(StandInCudnn.path(), "bf16")).contains("kernels: cuda CPU in the place of a GPU bf16 cudnn 9.5.3")
                .containsOnlyOnce("INFO ConvolutionChoice: Convolutions on GPU 0 (CPU in the place of a GPU): cuDNN 9.5.3\n");
    }

    @Test
    void oneThatIsNotInstalledIsTold() throws IOException, InterruptedException {
        assertThat(said("libnothere.so.9", "fp32")).contains(OWN)
                .containsOnlyOnce("Convolutions on GPU 0 (CPU in the place of a GPU): own kernels, because cuDNN is not installed:"
                        + " libnothere.so.9 cannot be loaded on " + Host.name() + " (libnothere.so.9: cannot open shared object file")
                .contains("); " + INSTALL);
    }

    @Test
    void anotherVersionIsTold() throws IOException, InterruptedException {
        assertThat(said(StandInCudnn.path(), "fp32", "UGATIT_CUDNN_VERSION=8907")).contains(OWN)
                .contains("own kernels, because cuDNN on " + Host.name() + " is version 8.9.7 (" + StandInCudnn.path() + "): " + INSTALL);
    }

    @Test
    void aLibraryThatIsNoneIsTold() throws IOException, InterruptedException {
        assertThat(said("libc.so.6", "fp32")).contains(OWN)
                .contains("own kernels, because libc.so.6 on " + Host.name() + " is not a whole cuDNN (").contains("cudnnGetVersion")
                .contains("): " + INSTALL);
    }

    @Test
    void aDriverThatIsTooOldForItIsTold() throws IOException, InterruptedException {
        String problem = "cuDNN 9.5.3 does not start on GPU 0 (CPU in the place of a GPU) on " + Host.name()
                + " (CUDNN_STATUS_NOT_INITIALIZED, status 1001: cudaGetDeviceCount(&count) != cudaSuccess):"
                + " it must fit the GPU and its driver";
        String old = "UGATIT_CUDNN_CUDART=14010";
        assertThat(said(StandInCudnn.path(), "fp32", "UGATIT_CUDNN_CREATE=1001", old)).contains(OWN)
                .contains("own kernels, because " + problem);
        assertThat(said(StandInCudnn.path(), "bf16", "UGATIT_CUDNN_CREATE=1001", old)).contains("CudnnUnavailableException: " + problem);
    }

    @Test
    void itCanBeSwitchedOff() throws IOException, InterruptedException {
        assertThat(said("none", "fp32")).contains(OWN)
                .contains("own kernels, because cuDNN is switched off by -Dugatit.cudnn.library=none");
    }

    @Test
    void bfloat16SaysWhatItLacks() throws IOException, InterruptedException {
        assertThat(said("none", "bf16")).contains("JobFailedException: --precision is bf16, but cuDNN is switched off by"
                + " -Dugatit.cudnn.library=none; or give --precision tf32");
        assertThat(said(StandInCudnn.path(), "bf16", "UGATIT_CUDA_CAPABILITY=75"))
                .contains("JobFailedException: --precision is bf16, but GPU 0 (CPU in the place of a GPU) on " + Host.name()
                        + " has compute capability 7.5, and it takes 8.0: leave --precision out");
    }
}
