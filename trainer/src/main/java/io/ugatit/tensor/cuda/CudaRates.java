package io.ugatit.tensor.cuda;

import io.ugatit.tensor.AdamRates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Rates in a GPU's memory, as {@code adam} in {@code vectors.cu} reads them: so a recorded step learns of new ones. */
final class CudaRates implements AdamRates {
    private static final int COUNT = 6;

    private final Lane lane;
    private final long address;
    private final ByteBuffer numbers = ByteBuffer.allocateDirect(COUNT * Double.BYTES).order(ByteOrder.nativeOrder());

    CudaRates(Lane lane) {
        this.lane = lane;
        this.address = lane.residentBytes((long) COUNT * Double.BYTES);
    }

    long address() {
        return address;
    }

    @Override
    public void set(AdamStep step) {
        numbers.asDoubleBuffer().put(new double[] {step.correctedRate(), step.secondCorrection(), step.weightDecay(), step.beta1(),
            step.beta2(), step.epsilon()});
        lane.stream().copyToDevice(address, numbers);
    }
}
