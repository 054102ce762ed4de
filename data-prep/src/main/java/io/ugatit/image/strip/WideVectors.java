package io.ugatit.image.strip;

import jdk.incubator.vector.IntVector;

/**
 * Whether this process computes with vectors of eight ints, the rows of a strip: the module jdk.incubator.vector is there and the
 * processor has them. Without either, vectors would be slower than plain loops by far.
 */
public final class WideVectors {
    /** Whether it does. */
    public static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() && Processor.lanes() >= Strips.ROWS;

    private WideVectors() {}

    /** Loaded only where the module is there. */
    private static final class Processor {
        static int lanes() {
            return IntVector.SPECIES_PREFERRED.length();
        }
    }
}
