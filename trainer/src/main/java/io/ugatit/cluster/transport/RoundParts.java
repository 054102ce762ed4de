package io.ugatit.cluster.transport;

import io.ugatit.model.DivergedException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import org.apache.spark.shuffle.ShuffleWriteProcessor;
import scala.Option;
import scala.Product2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * What a round ends in, a partition for each part: that part of every worker, reduced to one, or {@link Part#useless} if there is no use in
 * it. Parts are read from the workers' shuffle files in the order of the workers, one after the other, so the result does not depend on who
 * finished first, and memory does not grow with the number of workers. Spark's own shuffled RDDs give what arrives first, or hold everything
 * in memory to sort it.
 */
public final class RoundParts extends RDD<byte[]> implements AutoCloseable {
    private static final long serialVersionUID = 1L;
    private final ShuffleDependency<Integer, Part, Part> shuffle;
    private final PartReducer reducer;
    private final int parts;
    private final int workers;

    /**
     * @param ofWorkers a partition for each worker in their order, with every part under its number
     * @param parts how many each worker has
     */
    public RoundParts(RDD<? extends Product2<Integer, Part>> ofWorkers, int parts, PartReducer reducer) {
        this(ofWorkers, shuffle(ofWorkers, parts), parts, reducer);
    }

    private RoundParts(RDD<?> ofWorkers, ShuffleDependency<Integer, Part, Part> shuffle, int parts, PartReducer reducer) {
        super(ofWorkers.context(), dependencies(shuffle), ClassTag$.MODULE$.apply(byte[].class));
        this.shuffle = shuffle;
        this.reducer = reducer;
        this.parts = parts;
        this.workers = ofWorkers.getNumPartitions();
    }

    private static ShuffleDependency<Integer, Part, Part> shuffle(RDD<? extends Product2<Integer, Part>> ofWorkers, int parts) {
        return new ShuffleDependency<>(ofWorkers, new ByPart(parts), new PartSerializer(), Option.empty(), Option.empty(), false,
                new ShuffleWriteProcessor(), ClassTag$.MODULE$.apply(Integer.class), ClassTag$.MODULE$.apply(Part.class),
                ClassTag$.MODULE$.apply(Part.class));
    }

    private static Seq<Dependency<?>> dependencies(Dependency<?> only) {
        return JavaConverters.<Dependency<?>>asScalaBuffer(List.of(only)).toSeq();
    }

    /** Deletes the workers' files. Spark would keep them until Java happens to collect this object. */
    @Override
    public void close() {
        if (context().cleaner().isDefined()) {
            context().cleaner().get().doCleanupShuffle(shuffle.shuffleId(), false);
        }
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] partitions = new Partition[parts];
        for (int part = 0; part < parts; part++) {
            partitions[part] = new Number(part);
        }
        return partitions;
    }

    @Override
    public scala.collection.Iterator<byte[]> compute(Partition part, TaskContext task) {
        InOrder ofWorkers = new InOrder(part.index(), task);
        byte[] result = reduce(part.index(), ofWorkers);
        ofWorkers.finishWorker();
        return JavaConverters.asScalaIterator(List.of(result).iterator());
    }

    /** A task that failed would be tried again, and come to the same. */
    private byte[] reduce(int part, InOrder ofWorkers) {
        try {
            return reducer.reduce(part, ofWorkers);
        } catch (DivergedException e) {
            return Part.useless().bytes();
        }
    }

    /** One part of every worker. */
    private final class InOrder implements Iterator<ArrivingPart> {
        private final int part;
        private final TaskContext task;
        private final ShuffleReadMetricsReporter metrics;
        private scala.collection.Iterator<Product2<Integer, ArrivingPart>> records = JavaConverters.asScalaIterator(Collections.emptyIterator());
        private int worker;

        InOrder(int part, TaskContext task) {
            this.part = part;
            this.task = task;
            this.metrics = task.taskMetrics().createTempShuffleReadMetrics();
        }

        @Override
        public boolean hasNext() {
            return worker < workers;
        }

        @Override
        public ArrivingPart next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all workers' parts are read");
            }
            finishWorker();
            records = SparkEnv.get().shuffleManager()
                    .<Integer, ArrivingPart>getReader(shuffle.shuffleHandle(), worker, worker + 1, part, part + 1, task, metrics).read();
            worker++;
            return records.next()._2();
        }

        /** Lets Spark free what it has fetched, which it does when it sees the end. */
        void finishWorker() {
            if (records.hasNext()) {
                throw new IllegalStateException("a worker has left more than one part " + part);
            }
        }
    }

    /** A partition of this number. */
    private record Number(int index) implements Partition {
        @Override
        public int hashCode() {
            return index;
        }
    }

    /** A partition for each part, whose number is the key. */
    private static final class ByPart extends Partitioner {
        private static final long serialVersionUID = 1L;
        private final int parts;

        ByPart(int parts) {
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key;
        }
    }
}
