package io.ugatit.model;

import io.ugatit.job.JobFailedException;

/**
 * The networks' numbers are no longer finite or about to be, or a generator has collapsed. Since a training's bits are determined by its
 * images and options, whoever runs the same again comes to the same end: other options may help, patience does not.
 */
public final class DivergedException extends JobFailedException {
    private static final long serialVersionUID = 1L;

    /** @param message one line: what is wrong and since which step, if that is known, and what may help */
    public DivergedException(String message) {
        super(message);
    }

    /**
     * Whether a failure goes back to one.
     *
     * @param failure may be null
     */
    public static boolean isAmongCausesOf(Throwable failure) {
        return failure != null && (failure instanceof DivergedException || isAmongCausesOf(failure.getCause()));
    }
}
