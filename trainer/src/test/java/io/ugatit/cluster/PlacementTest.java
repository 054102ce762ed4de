package io.ugatit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.cluster.rounds.RoundReport;
import io.ugatit.device.Device;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Device CPU = new Device(-1, "");

    private static RoundReport.Worker worker(String host, String kernels, Device device, String... gpus) {
        return new RoundReport.Worker(host, kernels, device, List.of(gpus), 1, 0, List.of(), List.of());
    }

    @Test
    void saysThatWorkersComputeOnTheCpu() {
        Placement placement = new Placement(List.of(worker("one", "onednn", CPU), worker("two", "onednn", CPU)));
        assertThat(placement.line()).isEqualTo("workers compute on the CPU (onednn)");
        assertThat(placement.warnings(false)).isEmpty();
    }

    @Test
    void namesTheGpusWithTheirHosts() {
        Placement placement = new Placement(List.of(worker("one", "nd4j", new Device(0, "NVIDIA A10"), "0"),
                worker("one", "nd4j", new Device(1, "NVIDIA A10"), "1"), worker("two", "nd4j", new Device(0, "NVIDIA A10"), "0")));
        assertThat(placement.line()).isEqualTo(
                "workers compute on GPU 0 (NVIDIA A10) of one (nd4j), GPU 1 (NVIDIA A10) of one (nd4j), GPU 0 (NVIDIA A10) of two (nd4j)");
        assertThat(placement.warnings(false)).isEmpty();
    }

    @Test
    void kernelsOfAGpuNameItSoThatAnotherOneIsSeen() {
        String own = new Placement(List.of(worker("one", "cuda NVIDIA A10 fp32 cuDNN", new Device(0, "NVIDIA A10")))).kernels();
        String nd4j = new Placement(List.of(worker("one", "nd4j", new Device(0, "NVIDIA A10")))).kernels();
        String cpu = new Placement(List.of(worker("one", "nd4j", CPU), worker("two", "onednn", CPU))).kernels();
        assertThat(List.of(own, nd4j, cpu)).containsExactly("cuda NVIDIA A10 fp32 cuDNN", "nd4j on GPU NVIDIA A10", "nd4j, onednn");
        assertThat(List.of(own, nd4j, cpu)).map(Placement::ofGpus).containsExactly(true, true, false);
    }

    @Test
    void warnsOfGpusThatAreLeftIdle() {
        assertThat(new Placement(List.of(worker("one", "onednn", CPU, "0"), worker("one", "onednn", CPU, "1"))).warnings(false)).containsExactly(
                "Spark has assigned GPUs (0 of one, 1 of one), but the workers compute on the CPU: their log says why, or --kernels does");
    }

    @Test
    void warnsOfWorkersThatShareTheFirstGpu() {
        assertThat(new Placement(List.of(worker("one", "nd4j", new Device(0, "NVIDIA A10")))).warnings(false)).containsExactly(
                "Spark has assigned no GPU, so every worker takes GPU 0 of its host: give spark.executor.resource.gpu.amount=1 and"
                        + " spark.task.resource.gpu.amount=1, as the files conf/*-gpu.conf do");
    }

    @Test
    void threadsOfOneJvmShareAGpuWithoutAWarning() {
        assertThat(new Placement(List.of(worker("one", "cuda", new Device(0, "NVIDIA A10")))).warnings(true)).isEmpty();
    }

    @Test
    void warnsOfKernelsAndGpusThatGiveOtherBits() {
        assertThat(new Placement(List.of(worker("one", "onednn", CPU), worker("two", "nd4j", CPU))).warnings(false)).containsExactly(
                "workers compute with different kernels: onednn on one, nd4j on two; the last bits depend on which worker runs where: start"
                        + " all executors with the same JVM options on like machines");
        assertThat(new Placement(List.of(worker("one", "nd4j", new Device(0, "NVIDIA A10"), "0"),
                worker("two", "nd4j", new Device(0, "NVIDIA T4"), "0"))).warnings(false)).containsExactly(
                "workers compute with different kernels: nd4j, NVIDIA A10 on one, nd4j, NVIDIA T4 on two; the last bits depend on which worker"
                        + " runs where: start all executors with the same JVM options on like machines");
    }
}
