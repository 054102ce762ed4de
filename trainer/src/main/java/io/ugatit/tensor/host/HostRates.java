package io.ugatit.tensor.host;

import io.ugatit.tensor.AdamRates;

/** Rates in Java's memory. */
final class HostRates implements AdamRates {
    private AdamStep step;

    @Override
    public void set(AdamStep next) {
        step = next;
    }

    /** @throws IllegalStateException if they are not set */
    AdamStep step() {
        if (step == null) {
            throw new IllegalStateException("the rates of Adam are not set");
        }
        return step;
    }
}
