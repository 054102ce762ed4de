package io.ugatit.cluster;

import io.ugatit.job.JobFailedException;

/**
 * A run cannot go on, since the workers compute on GPUs, from the first round after a start on, by other kernels than it was computed by: so
 * it is at every start on these machines, unless they are asked for kernels such as before or others are allowed. GPUs that are missing, or
 * change on the way, may be back at the next start.
 */
public final class OtherKernelsException extends JobFailedException {
    private static final long serialVersionUID = 1L;

    OtherKernelsException(String message) {
        super(message);
    }
}
