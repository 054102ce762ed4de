package io.ugatit.prep;

import io.ugatit.input.LeftOut;

/**
 * A file of the input, and what a version of a data set remembers of it.
 *
 * @param file its name, length and time when it was listed
 * @param digest of its bytes; null if they were not needed
 * @param stored its image; null if the data set never had one
 * @param leftOut why it is no image of the version; null if it is one
 */
record KnownFile(SourceFile file, FileDigest digest, StoredImage stored, LeftOut leftOut) {}
