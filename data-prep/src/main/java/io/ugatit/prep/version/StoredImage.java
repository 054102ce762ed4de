package io.ugatit.prep.version;

/**
 * Where a data set has the image of a file, be it in the present version or not.
 *
 * @param shard the place of its shard in the manifest's list of its domain and split, from 0
 * @param row its row there, from 0
 * @param look its {@link io.ugatit.image.PerceptualHash}
 */
public record StoredImage(int shard, int row, long look) {}
