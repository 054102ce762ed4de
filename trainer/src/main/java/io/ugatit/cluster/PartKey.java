package io.ugatit.cluster;

import org.apache.spark.Partitioner;

/**
 * The keys under which parts of workers' results are shuffled: first the part, then the worker, so that sorting by key is the order of
 * averaging.
 */
final class PartKey {

    private PartKey() { }

    static long of(int part, int worker) {
        return (long) part << Integer.SIZE | worker;
    }

    private static int part(long key) {
        return (int) (key >>> Integer.SIZE);
    }

    /** A partition a part. */
    static final class ByPart extends Partitioner {
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
            return part((Long) key);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByPart partitioner && partitioner.parts == parts;
        }

        @Override
        public int hashCode() {
            return parts;
        }
    }
}
