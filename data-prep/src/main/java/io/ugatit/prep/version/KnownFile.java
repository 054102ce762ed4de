package io.ugatit.prep.version;

import io.ugatit.input.LeftOut;
import io.ugatit.prep.source.SourceFile;

/**
 * A file of the input, and what a version of a data set remembers of it.
 *
 * @param file its name, length and time when it was listed
 * @param digest of its bytes; null if they were not needed
 * @param stored its image; null if the data set never had one
 * @param leftOut why it is no image of the version; null if it is one
 */
public record KnownFile(SourceFile file, FileDigest digest, StoredImage stored, LeftOut leftOut) {}
