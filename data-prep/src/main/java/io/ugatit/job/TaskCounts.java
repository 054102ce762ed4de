package io.ugatit.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * What an accumulator's tasks have counted: those that have ended, and those that run, as their executors told last
 * ({@code spark.executor.heartbeatInterval}, 10 s by default). The accumulator itself knows only of the ended. Thread-safe.
 */
final class TaskCounts extends SparkListener {
    private final long accumulator;
    private final Map<Long, Long> running = new HashMap<>();
    /** Heartbeats may tell late of them. */
    private final Set<Long> over = new HashSet<>();
    private long ended;

    /** @param accumulator the id of one that adds up whole numbers and has a name */
    TaskCounts(long accumulator) {
        this.accumulator = accumulator;
    }

    /** What is counted so far; less than before if a task has failed, which is done again. */
    synchronized long value() {
        return ended + running.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate told) {
        for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task : JavaConverters.seqAsJavaList(told.accumUpdates())) {
            long count = count(task._4());
            if (count > 0 && !over.contains((Long) task._1())) {
                running.put((Long) task._1(), count);
            }
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        over.add(end.taskInfo().taskId());
        running.remove(end.taskInfo().taskId());
        if (end.reason() == Success$.MODULE$) {
            ended += count(end.taskInfo().accumulables());
        }
    }

    private long count(Seq<AccumulableInfo> updates) {
        for (AccumulableInfo update : JavaConverters.seqAsJavaList(updates)) {
            if (update.id() == accumulator && update.update().isDefined()) {
                return (Long) update.update().get();
            }
        }
        return 0;
    }
}
