/** A run's files on any Hadoop file system: tensors as safetensors, checkpoints and metrics that are published whole or not at all. */
package io.ugatit.checkpoint;
