package io.ugatit.gpucheck;

import java.io.IOException;

/** What a {@link Worker} does in a JVM of its own: a GPU that fails takes all of a process with it. */
@FunctionalInterface
interface Task {
    /**
     * Does it, and says what it finds as it finds it.
     *
     * @throws IOException if a file cannot be read or written
     */
    void run(Assignment assignment) throws IOException;
}
