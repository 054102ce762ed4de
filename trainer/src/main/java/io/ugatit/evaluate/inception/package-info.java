/** Inception-v3 up to its 2048 pooled features: what the layers are, whose weights they have, and oneDNN computing them. */
package io.ugatit.evaluate.inception;
