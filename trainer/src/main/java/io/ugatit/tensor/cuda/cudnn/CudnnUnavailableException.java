package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.job.JobFailedException;

/** cuDNN is not installed, or not one for this GPU and its driver; own kernels can take its place. */
public final class CudnnUnavailableException extends JobFailedException {
    private static final long serialVersionUID = 1;

    /** @param message one line that says what is wrong */
    CudnnUnavailableException(String message) {
        super(message);
    }
}
