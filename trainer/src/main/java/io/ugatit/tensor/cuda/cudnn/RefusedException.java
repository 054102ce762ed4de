package io.ugatit.tensor.cuda.cudnn;

import com.sun.jna.Pointer;
import io.ugatit.tensor.cuda.driver.NativeMemory;

/** cuDNN refuses something; the message is one line with its words. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 2048;
    /** cuDNN 9 counts its statuses by thousands: bad parameters, then what is not supported, then what has gone wrong. */
    private static final int BAD_PARAMETERS = 2000;
    private static final int UNSUPPORTED = 3000;
    private static final int WENT_WRONG = 4000;

    private final int status;

    private RefusedException(String message, int status) {
        super(message);
        this.status = status;
    }

    /**
     * Goes on if the status says that all is well.
     *
     * @param what was asked for, as a noun
     * @throws RefusedException for any other status
     */
    static void check(String what, int status) {
        if (status != 0) {
            throw new RefusedException("cuDNN " + Cudnn.version() + " refuses " + what + " (" + words(status) + ")", status);
        }
    }

    /** cuDNN's number for the reason. */
    int status() {
        return status;
    }

    /** Whether what was asked for is the reason, so that it would be refused every time: another may be asked for. */
    boolean isFinal() {
        return status >= BAD_PARAMETERS && status < WENT_WRONG;
    }

    /** Whether a status says that something is not for this GPU, driver or library, rather than that something has gone wrong. */
    static boolean isUnsupported(int status) {
        return status >= UNSUPPORTED && status < WENT_WRONG;
    }

    /** "CUDNN_STATUS_BAD_PARAM, status 2000: finalize_internal()" */
    static String words(int status) {
        long name = Libcudnn.cudnnGetErrorString(status);
        NativeMemory last = new NativeMemory(LONGEST);
        Libcudnn.cudnnGetLastErrorString(last.address, LONGEST);
        String said = last.text().strip().replaceAll("\\s*\\R\\s*", "; ");
        return (name == 0 ? "" : new Pointer(name).getString(0) + ", ") + "status " + status + (said.isEmpty() ? "" : ": " + said);
    }
}
