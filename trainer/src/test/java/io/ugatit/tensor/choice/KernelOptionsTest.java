package io.ugatit.tensor.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.device.Device;
import io.ugatit.job.Host;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cpu.CpuKernelsNeeds;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.StandInDriver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked for against what is there. */
class KernelOptionsTest {
    private static final String OFF = "GPUs are switched off on " + Host.name() + ": start the JVM without -D" + StandInDriver.PROPERTY + "=none";

    @AfterEach
    void computeOnTheCpuAgain() {
        StandInDriver.leave();
    }

    @Test
    void withoutAGpuTheFastestKernelsForTheCpuAreTaken() {
        KernelChoice choice = KernelChoice.of(KernelOptions.DEFAULT, List.of());
        assertThat(choice.kind()).isEqualTo(CpuKernelsNeeds.lacking().isEmpty() ? KernelKind.CPU : KernelKind.ND4J);
        assertThat(choice.device().onGpu()).isFalse();
    }

    @Test
    void aGpuIsTakenByItself() {
        StandInDriver.use();
        assertThat(KernelChoice.of(KernelOptions.DEFAULT, List.of()))
                .isEqualTo(new KernelChoice(new Device(0, "CPU in the place of a GPU"), KernelKind.CUDA, Precision.FP32, false));
        assertThat(KernelChoice.of(new KernelOptions(null, Precision.TF32), List.of("0")).precision()).isEqualTo(Precision.TF32);
        assertThat(KernelChoice.of(new KernelOptions(KernelKind.ND4J, null), List.of("0")).device().onGpu()).isFalse();
    }

    @Test
    void whatThereIsNotIsRefusedWithTheReason() {
        assertThatThrownBy(() -> new KernelOptions(KernelKind.CUDA, null).requireHere()).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--kernels is cuda, but " + OFF);
        assertThatThrownBy(() -> new KernelOptions(null, Precision.TF32).requireHere()).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--precision is tf32, which only a GPU computes in, but " + OFF + "; or leave --precision out");
        assertThatThrownBy(() -> new KernelOptions(KernelKind.CPU, Precision.TF32)).isInstanceOf(InvalidRequestException.class)
                .hasMessage("--precision is tf32, which only --kernels cuda computes in: --kernels is cpu, so leave --precision out");
        assertThatThrownBy(() -> KernelChoice.of(new KernelOptions(KernelKind.CUDA, null), List.of("0"))).isInstanceOf(JobFailedException.class)
                .hasMessage("--kernels is cuda, but " + OFF);
    }

    @Test
    void aGpuThatSparkNamesAndIsNotThereIsTold() {
        StandInDriver.use();
        assertThatThrownBy(() -> KernelChoice.of(KernelOptions.DEFAULT, List.of("5"))).isInstanceOf(JobFailedException.class)
                .hasMessage("Spark has assigned GPU '5' on " + Host.name() + ", where CUDA sees the numbers 0 to 0: the discovery script must print"
                        + " CUDA's numbers (CUDA_DEVICE_ORDER=PCI_BUS_ID)");
        assertThatThrownBy(() -> KernelChoice.of(KernelOptions.DEFAULT, List.of("0", "1"))).isInstanceOf(JobFailedException.class)
                .hasMessageEndingWith("spark.task.resource.gpu.amount must be at most 1");
    }

    @Test
    void mapsBeyondTheReachOfTheKernelsForCpusAreNd4js() {
        long most = Integer.MAX_VALUE;
        KernelOptions cpu = new KernelOptions(KernelKind.CPU, null);
        KernelChoice byItself = KernelChoice.of(KernelOptions.DEFAULT, List.of());
        assertThat(byItself.reaching(most)).isEqualTo(byItself);
        assertThat(byItself.reaching(most + 1).kind()).isEqualTo(KernelKind.ND4J);
        String line = "--kernels is cpu, which reaches 2147483647 bytes of a feature map, but the largest takes 2147483648: give --kernels"
                + " nd4j, or make size, batch or channels smaller";
        cpu.requireReach(most);
        assertThatThrownBy(() -> cpu.requireReach(most + 1)).isInstanceOf(InvalidRequestException.class).hasMessage(line);
        KernelOptions.DEFAULT.requireReach(most + 1);
        KernelChoice choice = KernelChoice.of(cpu, List.of());
        assertThat(choice.reaching(most)).isEqualTo(choice);
        assertThatThrownBy(() -> choice.reaching(most + 1)).isInstanceOf(JobFailedException.class).hasMessage(line);
        StandInDriver.use();
        assertThat(KernelChoice.of(KernelOptions.DEFAULT, List.of()).reaching(most + 1).kind()).isEqualTo(KernelKind.CUDA);
    }

    @Test
    void aDriverThatLacksWhatItsWorkersHaveComputesWithWhatItHas() {
        assertThat(KernelChoice.orFastest(new KernelOptions(KernelKind.CUDA, Precision.TF32)).device().onGpu()).isFalse();
    }
}
