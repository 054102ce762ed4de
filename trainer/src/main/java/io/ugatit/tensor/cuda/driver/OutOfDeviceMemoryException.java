package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.JobFailedException;

/** A GPU has not as much memory as was asked for. It can still be used. */
public final class OutOfDeviceMemoryException extends JobFailedException {
    private static final long serialVersionUID = 1L;

    OutOfDeviceMemoryException(String message) {
        super(message);
    }
}
