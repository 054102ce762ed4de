package io.ugatit.prep;

import io.ugatit.prep.version.FileDigest;
import java.io.Serializable;

/**
 * What a task tells of a row that it wrote.
 *
 * @param digest of the file's bytes, as they were when the image was made of them
 * @param look the image's {@link io.ugatit.image.PerceptualHash}
 */
record WrittenImage(FileDigest digest, long look) implements Serializable {}
