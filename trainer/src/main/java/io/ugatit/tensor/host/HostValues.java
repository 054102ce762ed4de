package io.ugatit.tensor.host;

import io.ugatit.tensor.Values;

/** Values in a Java array. */
record HostValues(double[] numbers) implements Values {

    static double[] of(Values values) {
        return ((HostValues) values).numbers;
    }

    @Override
    public int length() {
        return numbers.length;
    }
}
