package io.ugatit.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed on, up to the device: GPUs are told about, none is asked. */
class DeviceTest {
    private static final List<Gpu> TWO = List.of(new Gpu("NVIDIA T4", 7, 5), new Gpu("NVIDIA A10", 8, 6));

    @Test
    void theBuildForCpusTakesTheCpuWhateverSparkAssigns() {
        assertThat(Device.take(List.of())).isEqualTo(Device.CPU).hasToString("the CPU");
        assertThat(Device.take(List.of("1"))).isEqualTo(Device.CPU);
    }

    @Test
    void takesTheGpuThatSparkHasAssigned() {
        assertThat(Device.choose(List.of("1"), TWO)).isEqualTo(new Device(1, "NVIDIA A10")).hasToString("GPU 1 (NVIDIA A10)");
    }

    @Test
    void takesTheFirstGpuIfSparkAssignsNone() {
        assertThat(Device.choose(List.of(), TWO)).isEqualTo(new Device(0, "NVIDIA T4"));
    }

    @ParameterizedTest
    @CsvSource({"2", "GPU-8932f937", "99999999999", "-1"})
    void anAddressThatCudaDoesNotSeeIsNamedWithThoseItDoes(String address) {
        assertThatThrownBy(() -> Device.choose(List.of(address), TWO)).isInstanceOf(JobFailedException.class)
                .hasMessage("Spark has assigned GPU '" + address + "' on " + Host.name()
                        + ", where CUDA sees the numbers 0 to 1: the discovery script must print CUDA's numbers (CUDA_DEVICE_ORDER=PCI_BUS_ID)");
    }

    @Test
    void twoGpusForATaskAreRefused() {
        assertThatThrownBy(() -> Device.choose(List.of("0", "1"), TWO)).isInstanceOf(JobFailedException.class)
                .hasMessage("Spark has assigned 2 GPUs to a task on " + Host.name() + ": spark.task.resource.gpu.amount must be at most 1");
    }

    @Test
    void twoGpusForAnExecutorAreRefused() {
        Device first = Device.choose(List.of("0"), TWO);
        first.requireOnly(first);
        assertThatThrownBy(() -> Device.choose(List.of("1"), TWO).requireOnly(first)).isInstanceOf(JobFailedException.class)
                .hasMessage("an executor on " + Host.name() + " has GPU 0 (NVIDIA T4) and GPU 1 (NVIDIA A10):"
                        + " spark.executor.resource.gpu.amount must be 1, one executor for each GPU");
    }

    @ParameterizedTest
    @CsvSource({"3,7", "7,0", "7,5", "8,0", "8,6", "8,9"})
    void everyGpuThatTheLibraryHasCodeForCanBeUsed(int major, int minor) {
        assertThat(new Gpu("NVIDIA", major, minor).unusable()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NVIDIA H200,9,0", "NVIDIA B200,10,0", "NVIDIA RTX 5090,12,0", "Tesla K10,3,0"})
    void aGpuThatTheLibraryHasNoCodeForIsNamedWithThoseItHas(String name, int major, int minor) {
        List<Gpu> gpus = List.of(TWO.get(0), new Gpu(name, major, minor));
        assertThatThrownBy(() -> Natives.requireUsable(gpus)).isInstanceOf(JobFailedException.class)
                .hasMessage("GPU 1 on " + Host.name() + " cannot be used: " + name + " has compute capability " + major + "." + minor
                        + ", and ND4J's CUDA 11.6 library has code for 3.7 to 8.9 (up to A100, A10, L4, L40, RTX 40);"
                        + " hide it by CUDA_VISIBLE_DEVICES, or use the build for CPUs (without -Pcuda)");
    }
}
