package io.ugatit.prep;

import io.ugatit.dataset.Shard;
import io.ugatit.input.LeftOut;
import java.io.Serializable;
import java.util.List;

/**
 * What became of a shard plan. About 50 bytes a file: all of a job's are on the driver at once.
 *
 * @param shard the shard written; null if none of its files could be used
 * @param images one for each of its rows
 * @param leftOut the files that could not be used, ordered by source
 */
record ShardOutcome(Shard shard, List<WrittenImage> images, List<LeftOut> leftOut) implements Serializable {}
