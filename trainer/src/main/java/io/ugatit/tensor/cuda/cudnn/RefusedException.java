package io.ugatit.tensor.cuda.cudnn;

import com.sun.jna.Pointer;
import io.ugatit.tensor.cuda.driver.NativeMemory;
import java.util.Set;

/** cuDNN refuses something; the message is one line with its words. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 2048;
    /** cuDNN 9 counts its statuses by thousands: bad parameters, then what is not supported, then what has gone wrong. */
    private static final int UNSUPPORTED = 3000;
    private static final int WENT_WRONG = 4000;
    /** Want of memory, of the machine's and of the GPU's. */
    private static final Set<Integer> NO_MEMORY = Set.of(4003, 4004);
    private static final int NOT_INITIALIZED = 1001;
    /** From here on the GPU has failed. */
    private static final int EXECUTION_FAILED = 5000;

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

    /**
     * Whether it would be refused every time, so that another may be asked for: what was asked for is the reason, a part of cuDNN that is not
     * there, or an engine that cannot be made. Else memory or the GPU is, which come and go.
     */
    boolean isFinal() {
        return status != NOT_INITIALIZED && !NO_MEMORY.contains(status) && status < EXECUTION_FAILED;
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
