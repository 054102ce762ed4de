package io.ugatit.translate;

import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import java.io.Serializable;

/**
 * Where a generator's parameters are, precisely enough to tell two versions of a file apart.
 *
 * @param file a safetensors file, fully qualified
 * @param length of the file in bytes
 * @param modified when the file was last written, in milliseconds
 * @param network which of its networks
 * @param options sizes of the network
 */
record GeneratorSource(String file, long length, long modified, Network network, NetworkOptions options) implements Serializable { }
