package org.rapaio.jupyter.kernel.channels;

/**
 * Takes the place of the kernel's class of this name, up to version 3.0.4 at least: there a thread that runs before its starter goes on
 * finds that it is to end, and the kernel never answers; and one that gets a message before the kernel has said who handles it dies. On a
 * busy machine either happens in one start of a few.
 */
public final class LoopThread extends Thread {
    /** By then the kernel has registered its handlers; what Jupyter asks meanwhile waits in the socket. */
    private static final long FIRST_SLEEP_MILLIS = 500;

    private final long sleep;
    private final Runnable loopBody;
    private volatile boolean running = true;

    /**
     * @param name of the thread
     * @param sleep milliseconds between two runs of the body
     * @param loopBody what is run again and again
     */
    public LoopThread(String name, long sleep, Runnable loopBody) {
        super(name);
        this.sleep = sleep;
        this.loopBody = loopBody;
    }

    @Override
    public void run() {
        try {
            Thread.sleep(FIRST_SLEEP_MILLIS);
            while (running) {
                loopBody.run();
                Thread.sleep(sleep);
            }
        } catch (InterruptedException e) {
            running = false;
        }
    }

    /** Ends the thread after the run of the body that is under way. */
    public void shutdown() {
        running = false;
    }
}
