package io.ugatit.train;

import io.ugatit.tensor.cuda.StandInDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The step's tests with the kernels for GPUs wherever they are in single precision; a CPU computes in the GPU's place. */
class CudaAlternatingStepTest extends AlternatingStepTest {

    @BeforeEach
    void useTheStandIn() {
        StandInDriver.use();
    }

    @AfterEach
    void computeOnTheCpuAgain() {
        StandInDriver.leave();
    }

    @Test
    void eachUpdateChangesItsOwnNetworksOnlyByOneThread() {
        super.eachUpdateChangesItsOwnNetworksOnly(1);
    }

    @Override
    void eachUpdateChangesItsOwnNetworksOnly(int threads) {
        // the test reads all networks while one is updated: only one thread may do that on a GPU
    }

    @Override
    void theGradientsOfABatchAreTheMeanOfThoseOfItsImages() {
        // in double precision
    }
}
