package io.ugatit.lock;

import io.ugatit.job.InvalidRequestException;

/** Another job, which lives, is writing the output. */
public final class HeldException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final String holder;

    /**
     * @param message one line: what is locked, by whom, and what would be right
     * @param holder who holds the lock, as in {@code the train job that process 4711 on host h1 (user u) began at ...}
     */
    HeldException(String message, String holder) {
        super(message);
        this.holder = holder;
    }

    /** Who holds the lock: command, process, host, application, user, and since when. */
    public String holder() {
        return holder;
    }
}
