package io.ugatit.tensor;

/**
 * Does the same work again and again. A device that can records what it is asked for and then asks for all of it at once, so the work is
 * asked for by the host in the first times only: it must take and give back the same tensors in the same order, read nothing, and depend on
 * nothing of the host that changes.
 */
public interface Recorder {
    /** Does what it is told each time, as hosts do. */
    Recorder NONE = new Recorder() {
        @Override
        public void run(Runnable work) {
            work.run();
        }

        @Override
        public boolean isRecording() {
            return false;
        }
    };

    /** Does the work, or what has been recorded of it. */
    void run(Runnable work);

    /** Whether the work is being recorded: one thread must do all of it then. */
    boolean isRecording();
}
