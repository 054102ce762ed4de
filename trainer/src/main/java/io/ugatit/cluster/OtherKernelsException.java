package io.ugatit.cluster;

import io.ugatit.job.JobFailedException;

/**
 * A run that GPUs had a part in cannot go on, since the workers compute by other kernels than it was computed by: so it is at every start
 * on these machines, unless they are asked for kernels such as before or others are allowed.
 */
public final class OtherKernelsException extends JobFailedException {
    private static final long serialVersionUID = 1L;

    OtherKernelsException(String message) {
        super(message);
    }
}
