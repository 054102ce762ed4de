package io.ugatit.tensor.cuda;

import io.ugatit.tensor.Values;

/** Doubles in a GPU's memory. */
record CudaValues(long address, int length) implements Values {

    /** Where values begin; 0 for null. */
    static long address(Values values) {
        return values == null ? 0 : ((CudaValues) values).address;
    }
}
