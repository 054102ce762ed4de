package io.ugatit.lock;

import io.ugatit.job.DaemonThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The real machine and its time. */
final class ThisMachine implements LockSurroundings {
    private static final Path PROC = Path.of("/proc");
    private final ProcessStamp self = ProcessStamp.of(ProcessHandle.current().pid(), PROC);

    @Override
    public ProcessStamp self() {
        return self;
    }

    @Override
    public Liveness of(ProcessStamp process) {
        return process.equals(self) ? Liveness.UNKNOWN : self.tell(process, PROC); // that it lives says nothing of the job
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    @Override
    public Runnable every(Duration interval, Runnable task) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("ugatit-lock"));
        thread.scheduleWithFixedDelay(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return thread::shutdown;
    }
}
