package io.ugatit.tensor.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.tensor.cuda.driver.DeviceMemories;
import io.ugatit.tensor.cuda.driver.DeviceMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two kernels of {@code bfloat16.cu}, with lengths and addresses that fit no group of four. */
class Bfloat16Test {
    private static final float[] VALUES = {1, -2.5f, 0, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE,
        Float.MIN_VALUE, 1 + 1f / 256, 1 + 3f / 256, -1 - 1f / 256, 1 + 1f / 255, 1 + 1f / 257, 3.14159f, 1e-40f};
    /** As written by hand: ties to even. */
    private static final int[] HALVES = {0x3f80, 0xc020, 0, 0x8000, 0x7fc0, 0x7f80, 0xff80, 0x7f80, 0,
        0x3f80, 0x3f82, 0xbf80, 0x3f81, 0x3f80, 0x4049, 1};

    @ParameterizedTest(name = "{0} values from value {1} on")
    @CsvSource({"16, 0", "15, 0", "13, 0", "1, 0", "12, 4", "12, 1", "11, 3"})
    void roundsToTheNearestAndBack(int length, int first) {
        StandInDriver.use();
        Lane lane = new Lane(CudaProgram.on(0), new DeviceMemories());
        StandInDriver.leave();
        int bytes = VALUES.length * Float.BYTES;
        DeviceMemory from = lane.memory().take(bytes);
        DeviceMemory halves = lane.memory().take(bytes);
        ByteBuffer host = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        host.asFloatBuffer().put(VALUES);
        lane.stream().copyToDevice(from.address(), host);
        long address = from.address() + (long) first * Float.BYTES;
        lane.vector("to_bfloat16", length).pointer(address).int64(length).pointer(halves.address()).run();
        lane.stream().copyToHost(host, halves.address());
        lane.stream().synchronize();
        for (int i = 0; i < length; i++) {
            assertThat(host.getShort(i * Short.BYTES) & 0xffff).as("value %d", i).isEqualTo(HALVES[first + i]);
        }
        float[] expected = VALUES.clone();
        for (boolean adds : new boolean[] {false, true}) {
            for (int i = first; i < first + length; i++) {
                float value = Float.intBitsToFloat(HALVES[i] << 16);
                expected[i] = adds ? expected[i] + value : value;
            }
            lane.vector("from_bfloat16", length).pointer(halves.address()).int64(length).int32(adds ? 1 : 0).pointer(address).run();
            lane.stream().copyToHost(host, from.address());
            lane.stream().synchronize();
            float[] actual = new float[VALUES.length];
            host.asFloatBuffer().get(actual);
            assertThat(actual).as(Arrays.toString(actual)).isEqualTo(expected);
        }
        lane.memory().release(from, halves);
        lane.close();
    }
}
