package io.ugatit.tensor;

/**
 * The factors gamma and summands beta of one (Ada)LIN for one batch, N*C each, with their gradients, which every layer that uses them adds
 * to. In AdaLIN the attention's features decide them for every image anew; in LIN they are parameters. Where the numbers are is a matter of
 * the {@link Kernels} that made it.
 */
public interface Modulation { }
