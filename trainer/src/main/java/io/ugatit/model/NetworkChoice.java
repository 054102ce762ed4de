package io.ugatit.model;

import picocli.CommandLine.Option;

/**
 * Which sizes of the networks a user asks for; null where he does not say.
 *
 * @param size height and width of the images in pixels
 * @param ch channels of the first convolution
 * @param resBlocks residual blocks on each side of the attention module
 * @param light whether he asks for the light generator
 * @param full whether he asks for the full generator
 * @param globalLayers layers of the global discriminators
 * @param localLayers layers of the local discriminators
 */
public record NetworkChoice(
        @Option(names = "--size", paramLabel = "PIXELS",
                description = "height and width of the images in pixels, a multiple of 4 from 16 to 2048 (default: 256)") Integer size,
        @Option(names = "--ch", paramLabel = "N", description = "channels of the first convolution, 1 to 512 (default: 64)") Integer ch,
        @Option(names = "--res-blocks", paramLabel = "N",
                description = "residual blocks on each side of the attention module, 1 to 32 (default: 4)") Integer resBlocks,
        @Option(names = "--light", description = "AdaLIN's parameters from the features' averages (the default)") boolean light,
        @Option(names = "--full", description = "AdaLIN's parameters from all features, as in the paper") boolean full,
        @Option(names = "--global-layers", paramLabel = "N",
                description = "layers of the global discriminators, as many as the size has room for (default: 7)")
        Integer globalLayers,
        @Option(names = "--local-layers", paramLabel = "N",
                description = "layers of the local discriminators, as many as the size has room for (default: 5)")
        Integer localLayers) {

    /** No wish at all. */
    public static final NetworkChoice NONE = new NetworkChoice(null, null, null, false, false, null, null);

    /**
     * The sizes asked for, and {@code others} where nothing is.
     *
     * @throws io.ugatit.job.InvalidRequestException if they do not go together
     */
    public NetworkOptions orElse(NetworkOptions others) {
        boolean chosen = light || full;
        return new NetworkOptions(or(size, others.size()), or(ch, others.ch()), or(resBlocks, others.resBlocks()),
                chosen ? light : others.light(), chosen ? full : others.full(), or(globalLayers, others.globalLayers()),
                or(localLayers, others.localLayers()));
    }

    private static int or(Integer choice, int other) {
        return choice != null ? choice : other;
    }
}
