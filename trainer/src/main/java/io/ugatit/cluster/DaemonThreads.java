package io.ugatit.cluster;

import java.util.concurrent.ThreadFactory;

/** Threads that keep no JVM alive. */
final class DaemonThreads {
    private DaemonThreads() { }

    /** Makes threads of this name. */
    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
