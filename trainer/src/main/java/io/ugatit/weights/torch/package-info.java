/** PyTorch's checkpoints, read without PyTorch and without running what their pickle says. */
package io.ugatit.weights.torch;
