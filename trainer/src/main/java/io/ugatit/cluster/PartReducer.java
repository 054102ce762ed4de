package io.ugatit.cluster;

import io.ugatit.job.JobFailedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * Makes one part of a round's result from the same part of all workers, which arrive in the order of the workers: the mean of a chunk of
 * the state, or all reports one after the other. A mean that is no finite number ends the training: {@link JobFailedException}.
 */
final class PartReducer implements Function2<Integer, Iterator<Tuple2<Long, byte[]>>, Iterator<byte[]>> {
    private static final long serialVersionUID = 1L;
    private final int chunks;
    private final int workers;

    PartReducer(int chunks, int workers) {
        this.chunks = chunks;
        this.workers = workers;
    }

    @Override
    public Iterator<byte[]> call(Integer part, Iterator<Tuple2<Long, byte[]>> ofWorkers) {
        return List.of(part < chunks ? mean(ofWorkers) : concatenation(ofWorkers)).iterator();
    }

    private byte[] mean(Iterator<Tuple2<Long, byte[]>> chunksOfWorkers) {
        byte[] result = chunksOfWorkers.next()._2();
        int seen = 1;
        FloatBuffer sum = floats(result);
        while (chunksOfWorkers.hasNext()) {
            FloatBuffer next = floats(chunksOfWorkers.next()._2());
            for (int i = 0; i < sum.capacity(); i++) {
                sum.put(i, sum.get(i) + next.get(i));
            }
            seen++;
        }
        if (seen != workers) {
            throw new IllegalStateException("a round needs the state of " + workers + " workers, but " + seen + " arrived");
        }
        for (int i = 0; i < sum.capacity(); i++) {
            float mean = sum.get(i) / workers;
            if (!Float.isFinite(mean)) {
                // a checkpoint of it would be of no use to anyone
                throw new JobFailedException("training diverged, parameters or moments are no longer finite: a lower --lr may help");
            }
            sum.put(i, mean);
        }
        return result;
    }

    private static FloatBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static byte[] concatenation(Iterator<Tuple2<Long, byte[]>> reportsOfWorkers) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        reportsOfWorkers.forEachRemaining(report -> all.writeBytes(report._2()));
        return all.toByteArray();
    }
}
