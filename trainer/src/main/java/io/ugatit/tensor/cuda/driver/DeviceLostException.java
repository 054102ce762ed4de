package io.ugatit.tensor.cuda.driver;

import io.ugatit.job.UnusableProcessException;

/** A GPU has fallen off the bus, or a kernel has left it unusable: only another process can use it again. */
public final class DeviceLostException extends UnusableProcessException {
    private static final long serialVersionUID = 1L;

    DeviceLostException(String message) {
        super(message);
    }
}
