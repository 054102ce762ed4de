package io.ugatit.tensor.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cuda.StandInDriver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work on a CPU in the place of a GPU. */
class CudaStreamTest {
    private CudaContext context;
    private CudaModule module;
    private CudaStream stream;
    private Launch launch;

    @AfterAll
    static void computeOnTheCpuAgain() {
        StandInDriver.leave();
    }

    @BeforeAll
    static void findTheStandIn() {
        StandInDriver.use();
    }

    @BeforeEach
    void open() {
        context = CudaContext.open(0);
        module = context.load(StandInDriver.ptx("add", "fill", "sum_over_channels", "mean_square_values"));
        stream = context.newStream();
        launch = stream.newLaunch();
    }

    @AfterEach
    void close() {
        stream.close();
        module.close();
        context.close();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer buffer = direct(values.length * Float.BYTES);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    private DeviceMemory upload(float... values) {
        DeviceMemory memory = context.allocate((long) values.length * Float.BYTES);
        stream.copyToDevice(memory.address(), floats(values));
        return memory;
    }

    private float[] download(DeviceMemory memory) {
        ByteBuffer buffer = direct((int) memory.bytes());
        stream.copyToHost(buffer, memory.address());
        stream.synchronize();
        float[] values = new float[buffer.capacity() / Float.BYTES];
        buffer.asFloatBuffer().get(values);
        return values;
    }

    private Launch add(DeviceMemory x, DeviceMemory to) {
        return launch.of(module.function("add")).grid(1).block(256)
                .pointer(x.address()).int64(x.bytes() / Float.BYTES).pointer(to.address());
    }

    @Test
    void aDeviceIsDescribed() {
        assertThat(CudaDriver.problem()).isEmpty();
        assertThat(CudaDriver.problem(0)).isEmpty();
        assertThat(CudaDriver.version()).isGreaterThanOrEqualTo(CudaLibrary.LEAST_VERSION);
        List<CudaDevice> devices = CudaDriver.devices();
        assertThat(devices).hasSize(1);
        CudaDevice device = devices.get(0);
        assertThat(device).isEqualTo(context.device());
        assertThat(device).hasToString("GPU 0 (" + device.name() + ")");
        assertThat(device.name()).isNotBlank();
        assertThat(device.capability()).isGreaterThanOrEqualTo(CudaDevice.LEAST_CAPABILITY);
        assertThat(device.multiprocessors()).isPositive();
        assertThat(device.bytes()).isGreaterThanOrEqualTo(context.freeBytes()).isPositive();
        assertThat(device.pciBusId()).matches("\\p{XDigit}{4,8}:\\p{XDigit}{2}:\\p{XDigit}{2}\\.\\d");
        assertThat(device.uuid()).matches("GPU-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    }

    @Test
    void vectorsAreAdded() {
        try (DeviceMemory x = upload(1, 2, 3); DeviceMemory to = upload(10, 20, 30)) {
            add(x, to).run();
            add(x, to).run();
            assertThat(download(to)).containsExactly(12, 24, 36);
            assertThat(download(x)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void structsAndFloatsGoByValue() {
        try (DeviceMemory x = upload(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11); DeviceMemory sums = upload(0, 0, 0, 0)) {
            launch.of(module.function("sum_over_channels")).grid(1).block(256)
                    .pointer(x.address()).ints(1, 3, 2, 2, 0, 1).pointer(sums.address()).run();
            assertThat(download(sums)).containsExactly(12, 15, 18, 21);
            launch.of(module.function("fill")).grid(1).block(256).pointer(sums.address()).int64(3).float32(0.5f).run();
            assertThat(download(sums)).containsExactly(0.5f, 0.5f, 0.5f, 21);
        }
    }

    @Test
    void doublesGoByValueAndNullPointersStayNull() {
        ByteBuffer values = direct(4 * Double.BYTES);
        values.asDoubleBuffer().put(new double[] {9, 1, 4, 9});
        try (DeviceMemory x = context.allocate(4 * Double.BYTES); DeviceMemory term = context.allocate(Double.BYTES)) {
            stream.copyToDevice(x.address(), values);
            launch.of(module.function("mean_square_values")).grid(1).block(256).pointer(x.address()).int32(1).int32(3)
                    .float64(2.5).float64(10).pointer(0).pointer(term.address()).run();
            ByteBuffer result = direct(Double.BYTES);
            stream.copyToHost(result, term.address());
            stream.synchronize();
            assertThat(result.getDouble(0)).isEqualTo(22.5);
        }
    }

    @Test
    void partsOfBuffersAreCopiedBothWays() {
        try (DeviceMemory memory = upload(-1, 2, 3, 4); DeviceMemory other = upload(5, 6, 7, 8)) {
            ByteBuffer part = floats(0, 42, 0).position(4).limit(8);
            stream.copyToDevice(memory.address() + 12, part);
            assertThat(part.position()).isEqualTo(4);
            assertThat(download(memory)).containsExactly(-1, 2, 3, 42);
            stream.copyOnDevice(other.address() + 4, memory.address(), 8);
            assertThat(download(other)).containsExactly(5, -1, 2, 8);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> stream.copyToDevice(0, ByteBuffer.allocate(4)))
                .withMessage("the driver needs a direct buffer, not one on Java's heap");
    }

    @Test
    void memoryIsFilled() {
        try (DeviceMemory memory = upload(1, 2, 3, 4)) {
            stream.fillBytes(memory.address() + 4, 0xff, 4);
            stream.fillBytes(memory.address() + 8, 0, 4);
            assertThat(download(memory)).containsExactly(1, Float.NaN, 0, 4);
        }
    }

    @Test
    void capturedWorkIsDoneAtEachLaunchOfItsGraphOnly() {
        try (DeviceMemory x = upload(1, 2); DeviceMemory to = upload(0, 0)) {
            try (CudaGraph graph = stream.capture(() -> {
                add(x, to).run();
                add(to, x).run();
            })) {
                assertThat(download(to)).containsExactly(0, 0);
                stream.launch(graph);
                assertThat(download(to)).containsExactly(1, 2);
                stream.launch(graph);
                assertThat(download(to)).containsExactly(3, 6);
                assertThat(download(x)).containsExactly(5, 10);
            }
        }
    }

    @Test
    void aCaptureThatFailsLeavesTheStreamUsable() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        assertThatThrownBy(() -> stream.capture(() -> {
            throw failure;
        })).isSameAs(failure);
        assertThatThrownBy(() -> stream.capture(stream::synchronize)).isInstanceOf(JobFailedException.class)
                .isNotInstanceOf(DeviceLostException.class)
                .hasMessageMatching("GPU 0 \\(.+\\) on .+ refuses waiting for its work \\(.*status 900.*\\)");
        vectorsAreAdded();
    }

    @Test
    void aStreamAwaitsAnEventOfAnother() {
        try (CudaStream other = context.newStream(); CudaEvent uploaded = context.newEvent();
                DeviceMemory x = upload(1, 2); DeviceMemory to = upload(3, 4)) {
            stream.record(uploaded);
            other.await(uploaded);
            other.newLaunch().of(module.function("add")).pointer(x.address()).int64(2).pointer(to.address()).run();
            other.record(uploaded);
            stream.await(uploaded);
            assertThat(download(to)).containsExactly(4, 6);
        }
    }

    @Test
    void anyThreadMayUseIt() throws ExecutionException, InterruptedException {
        try (DeviceMemory x = upload(1, 2); DeviceMemory to = upload(3, 4)) {
            FutureTask<float[]> task = new FutureTask<>(() -> {
                add(x, to).run();
                return download(to);
            });
            Thread thread = new Thread(task);
            thread.start();
            assertThat(task.get()).containsExactly(4, 6);
            thread.join();
        }
    }

    @Test
    void launchesAreCounted() {
        long launches = StandInDriver.count("ugatitLaunches");
        long waits = StandInDriver.count("ugatitHostWaits");
        try (DeviceMemory x = upload(1); DeviceMemory to = upload(2)) {
            add(x, to).run();
            download(to);
        }
        assertThat(StandInDriver.count("ugatitLaunches") - launches).isEqualTo(1);
        assertThat(StandInDriver.count("ugatitHostWaits") - waits).isEqualTo(1);
    }

    @Test
    void impossibleLaunchesAreRefused() {
        launch.of(module.function("add"));
        assertThatIllegalArgumentException().isThrownBy(() -> launch.grid(1, 65_536))
                .withMessage("a grid is 1 to 2147483647 by 1 to 65535 by 1 to 65535 blocks, not 1 by 65536 by 1");
        assertThatIllegalArgumentException().isThrownBy(() -> launch.grid(0)).withMessageEndingWith("not 0 by 1 by 1");
        assertThatIllegalArgumentException().isThrownBy(() -> launch.grid(1, 1, 65_536)).withMessageEndingWith("not 1 by 1 by 65536");
        assertThatIllegalArgumentException().isThrownBy(() -> launch.block(32, 33))
                .withMessage("a block has 1 to 1024 threads, 64 deep at most, not 32 by 33 by 1");
        assertThatIllegalArgumentException().isThrownBy(() -> launch.block(1, 1, 65)).withMessageEndingWith("not 1 by 1 by 65");
        assertThatIllegalArgumentException().isThrownBy(() -> launch.block(1 << 16, 1 << 16))
                .withMessageEndingWith("not 65536 by 65536 by 1");
        assertThatIllegalArgumentException().isThrownBy(() -> launch.ints(new int[1025]))
                .withMessage("a kernel takes at most 128 arguments of 4096 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> context.allocate(0))
                .withMessage("at least one byte of memory is needed, not 0");
        assertThatIllegalArgumentException().isThrownBy(() -> module.function("subtract"))
                .withMessage("the module has no kernel 'subtract'");
    }

    @Test
    void closingTwiceIsHarmlessAndUseAfterwardsIsTold() {
        String gpu = context.device().toString();
        CudaFunction add = module.function("add");
        DeviceMemory memory = context.allocate(4);
        CudaEvent event = context.newEvent();
        CudaGraph graph = stream.capture(() -> { });
        for (Owned owned : List.of(memory, event, graph, module, stream)) {
            owned.close();
            owned.close();
        }
        assertThatIllegalStateException().isThrownBy(memory::address).withMessage("memory of " + gpu + " is closed");
        assertThatIllegalStateException().isThrownBy(event::handle).withMessage("the event of " + gpu + " is closed");
        assertThatIllegalStateException().isThrownBy(() -> launch.of(add).run()).withMessage("the stream of " + gpu + " is closed");
        try (CudaStream other = context.newStream()) {
            assertThatIllegalStateException().isThrownBy(() -> other.launch(graph)).withMessage("the graph of " + gpu + " is closed");
            assertThatIllegalStateException().isThrownBy(() -> other.newLaunch().of(add).run())
                    .withMessage("the module of " + gpu + " is closed");
            context.close();
            context.close();
            assertThatIllegalStateException().isThrownBy(other::synchronize).withMessage("the context of " + gpu + " is closed");
        }
    }

    @Test
    void aGpuThatIsNotThereIsTold() {
        assertThat(CudaDriver.problem(1)).hasValue("there is no GPU 1 on " + Host.name() + ", where CUDA shows number 0 only:"
                + " take one of these (CUDA_DEVICE_ORDER=PCI_BUS_ID counts as nvidia-smi does)");
        assertThatThrownBy(() -> CudaContext.open(-1)).isInstanceOf(JobFailedException.class)
                .hasMessageStartingWith("there is no GPU -1 on ");
    }
}
