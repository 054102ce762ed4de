package io.ugatit.cluster.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Bytes in Spark's block managers as they are, without a serialiser: in memory where there is room, else on disk, and to be had from any
 * other JVM of the application.
 */
final class RawBlocks {
    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private RawBlocks() { }

    /** Keeps bytes in this JVM under a name, if it has not kept them before. The buffer must not change any more. */
    static void put(BlockId block, ByteBuffer bytes) {
        if (!SparkEnv.get().blockManager().putBytes(block, new ChunkedByteBuffer(bytes), StorageLevel.MEMORY_AND_DISK_SER(), true, BYTES)) {
            throw new IllegalStateException("neither memory nor the folders of spark.local.dir have room for " + block.name());
        }
    }

    /**
     * Reads what this JVM keeps, without copying it.
     *
     * @param read is done with the buffer when it returns
     * @return false if this JVM does not keep it
     */
    static boolean read(BlockId block, Consumer<ByteBuffer> read) {
        BlockManager blocks = SparkEnv.get().blockManager();
        Option<BlockData> here = blocks.getLocalBytes(block);
        if (here.isEmpty()) {
            return false;
        }
        try {
            read.accept(here.get().toByteBuffer());
        } finally {
            blocks.releaseLock(block, Option.apply(TaskContext.get()));
        }
        return true;
    }

    /** Gets what another JVM keeps; empty if none does any more. */
    static Optional<ByteBuffer> fetch(BlockId block) {
        Option<ChunkedByteBuffer> there = SparkEnv.get().blockManager().getRemoteBytes(block);
        return there.isEmpty() ? Optional.empty() : Optional.of(there.get().toByteBuffer());
    }
}
