/** Files of named tensors: reading and writing safetensors, and what all such files are to their readers. */
package io.ugatit.safetensors;
