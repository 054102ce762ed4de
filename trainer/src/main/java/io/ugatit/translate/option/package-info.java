/** What a translation job may be asked for: parts of its options that say where to, which images, in what shape, by which checkpoints. */
package io.ugatit.translate.option;
