/** What a run holds on any Hadoop file system: configuration, checkpoints and metrics; tensors as safetensors. */
package io.ugatit.checkpoint;
