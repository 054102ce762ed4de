package io.ugatit.tensor.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.job.Host;
import io.ugatit.process.JavaProcess;
import io.ugatit.tensor.cuda.StandInDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of drivers and GPUs that cannot be used, each in a JVM of its own. */
class DriverErrorsTest {
    private static final String NEWER = "install a driver of CUDA 11.4 or newer (470 or newer)";

    @TempDir
    Path folder;

    private List<String> said(Object library, String... args) throws IOException, InterruptedException {
        try (JavaProcess process = JavaProcess.bare(folder.resolve("output"), List.of("-D" + StandInDriver.PROPERTY + "=" + library),
                JavaProcess.classPath(), Misfortune.class, args)) {
            process.await();
            return process.said().lines().toList();
        }
    }

    @Test
    void aDriverThatIsNotInstalledIsTold() throws IOException, InterruptedException {
        assertThat(said("libnothere.so.1", "devices")).singleElement().asString()
                .startsWith("JobFailedException: the NVIDIA driver is not installed: libnothere.so.1 cannot be loaded on " + Host.name()
                        + " (libnothere.so.1: cannot open shared object file")
                .endsWith("); install NVIDIA's driver, or in a container let its runtime pass the GPUs through (--gpus all)");
    }

    @Test
    void aLibraryThatIsNoDriverIsTold() throws IOException, InterruptedException {
        assertThat(said("libc.so.6", "devices")).singleElement().asString()
                .startsWith("JobFailedException: libc.so.6 on " + Host.name() + " is not a whole NVIDIA driver (")
                .contains("cuDriverGetVersion").endsWith("): " + NEWER);
    }

    @Test
    void aDriverThatIsTooOldIsTold() throws IOException, InterruptedException {
        assertThat(said(StandInDriver.path(), "devices", "UGATIT_CUDA_DRIVER=11020"))
                .containsExactly("JobFailedException: the NVIDIA driver on " + Host.name() + " is one of CUDA 11.2: " + NEWER);
    }

    @Test
    void noGpuIsTold() throws IOException, InterruptedException {
        assertThat(said(StandInDriver.path(), "devices", "UGATIT_CUDA_DEVICES=0"))
                .containsExactly("JobFailedException: " + CudaDriver.noDevice(System.getenv("CUDA_VISIBLE_DEVICES")));
        assertThat(CudaDriver.noDevice(null)).isEqualTo("the NVIDIA driver on " + Host.name() + " shows no GPU: nvidia-smi must list one"
                + " there; in a container let its runtime pass the GPUs through (--gpus all)");
        assertThat(CudaDriver.noDevice("")).isEqualTo("the NVIDIA driver on " + Host.name() + " shows no GPU: CUDA_VISIBLE_DEVICES is '',"
                + " and must name one of those that nvidia-smi lists, or be unset");
    }

    @Test
    void aFolderThatJnaCannotUnpackIntoIsTold() throws IOException, InterruptedException {
        Files.createFile(folder.resolve("nothing"));
        try (JavaProcess process = JavaProcess.bare(folder.resolve("output"), List.of("-Djna.tmpdir=" + folder.resolve("nothing/here"),
                "-D" + StandInDriver.PROPERTY + "=libcuda.so.1"),
                JavaProcess.classPath(), Misfortune.class, "devices")) {
            process.await();
            assertThat(process.said()).contains("JobFailedException: GPUs cannot be used on " + Host.name()
                    + ", because JNA cannot load its library (")
                    .endsWith("): give the JVM a folder that programs may run from by -Djna.tmpdir\n");
        }
    }

    @Test
    void aNumberBeyondTheLastIsTold() throws IOException, InterruptedException {
        assertThat(said(StandInDriver.path(), "open", "UGATIT_CUDA_DEVICES=2"))
                .containsExactly("JobFailedException: there is no GPU 2 on " + Host.name() + ", where CUDA shows the numbers 0 to 1:"
                        + " take one of these (CUDA_DEVICE_ORDER=PCI_BUS_ID counts as nvidia-smi does)");
    }

    @Test
    void anOldGpuIsTold() throws IOException, InterruptedException {
        assertThat(said(StandInDriver.path(), "devices", "UGATIT_CUDA_CAPABILITY=70")).hasSize(2).first().asString()
                .matches("GPU 0 \\(.+\\) on .+ has compute capability 7\\.0: use a GPU of 7\\.5 or newer"
                        + " \\(T4, RTX 20, A10, A100, L4, H100\\), or the CPU");
    }

    @Test
    void kernelsThatTheDriverDoesNotCompileAreTold() throws IOException, InterruptedException {
        assertThat(said(StandInDriver.path(), "load", "UGATIT_CUDA_BAD_PTX=1", "UGATIT_CUDA_CAPABILITY=86", "UGATIT_CUDA_DRIVER=12040"))
                .singleElement().asString()
                .startsWith("JobFailedException: the NVIDIA driver of CUDA 12.4 does not compile the kernels for GPU 0 (")
                .contains(" on " + Host.name() + ", compute capability 8.6 (", "status 218")
                .contains("): install a newer driver, or use the CPU");
    }

    @Test
    void aGpuThatIsLostIsToldAndNothingIsFreed() throws IOException, InterruptedException {
        List<String> said = said(StandInDriver.path(), "lose", "UGATIT_CUDA_FAIL_AT=2");
        assertThat(said).hasSize(5);
        assertThat(said.get(0)).isEqualTo("lost: false");
        assertThat(said.get(1)).matches("DeviceLostException: GPU 0 \\(.+\\) on .+ has failed at the launch of fill or before it"
                + " \\(.*status \\d+.*\\): this process cannot use it any more and must be started again;"
                + " if that does not help, see nvidia-smi and dmesg");
        assertThat(said.get(2)).isEqualTo("lost: true");
        assertThat(said.get(3)).startsWith("DeviceLostException: GPU 0 (").contains(" has failed at waiting for its work or before it (");
        assertThat(said.get(4)).isEqualTo("ended");
    }

    @Test
    void aPoolFreesWhatIsUnusedBeforeMemoryIsOut() throws IOException, InterruptedException {
        List<String> said = said(StandInDriver.path(), "memory", "UGATIT_CUDA_MEMORY=1024");
        assertThat(said).hasSize(4);
        assertThat(said.get(0)).isEqualTo("768 taken, 1024 allocated");
        assertThat(said.get(1)).matches("OutOfDeviceMemoryException: GPU 0 \\(.+\\) on .+ has not enough memory for 256 bytes"
                + " \\(0 of 1024 bytes are free\\): end what else runs there, or train smaller images or the light generator");
        assertThat(said.subList(2, 4)).containsExactly("true", "ended");
    }
}
