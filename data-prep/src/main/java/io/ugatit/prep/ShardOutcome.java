package io.ugatit.prep;

import io.ugatit.dataset.Shard;
import io.ugatit.input.LeftOut;
import java.io.Serializable;
import java.util.List;

/**
 * What became of a shard plan.
 *
 * @param shard the shard written; null if none of its files could be used
 * @param leftOut the files that could not be used, ordered by source
 */
record ShardOutcome(Shard shard, List<LeftOut> leftOut) implements Serializable {}
