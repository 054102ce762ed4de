package io.ugatit.weights.torch;

import io.ugatit.safetensors.DType;

/**
 * Numbers that lie one after the other in a file of the archive; several tensors may share them.
 *
 * @param key the file's name in the archive's folder {@code data}
 * @param type of the numbers
 * @param elements how many the pickle says there are
 */
record TorchStorage(String key, DType type, long elements) { }
