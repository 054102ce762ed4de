package io.ugatit.device;

import java.util.Optional;

/**
 * A GPU that CUDA sees.
 *
 * @param name such as NVIDIA A10
 * @param major of its compute capability
 * @param minor of its compute capability
 */
record Gpu(String name, int major, int minor) {
    /** ND4J's CUDA 11.6 library has machine code for sm_37 to sm_86, which 8.9 runs too, and no PTX to compile for others. */
    private static final int LOWEST = 37;
    private static final int HIGHEST = 89;

    /** Why ND4J cannot use it, as a clause; empty if it can. */
    Optional<String> unusable() {
        int capability = 10 * major + minor;
        return capability >= LOWEST && capability <= HIGHEST ? Optional.empty()
                : Optional.of(name + " has compute capability " + major + "." + minor
                        + ", and ND4J's CUDA 11.6 library has code for 3.7 to 8.9 (up to A100, A10, L4, L40, RTX 40)");
    }
}
