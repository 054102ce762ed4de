package io.ugatit.cluster;

import io.ugatit.job.InvalidRequestException;

/** What the run's folder holds does not let a training go on, or not with these options; another folder would. */
public final class RunRefusedException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    RunRefusedException(InvalidRequestException refusal) {
        super(refusal.getMessage(), refusal);
    }
}
