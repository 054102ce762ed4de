package io.ugatit.tensor.cuda.cudnn;

import com.sun.jna.Pointer;
import io.ugatit.tensor.cuda.driver.NativeMemory;

/** cuDNN refuses something; the message is one line with its words. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 2048;

    private RefusedException(String message) {
        super(message);
    }

    /**
     * Goes on if the status says that all is well.
     *
     * @param what was asked for, as a noun
     * @throws RefusedException for any other status
     */
    static void check(String what, int status) {
        if (status != 0) {
            throw new RefusedException("cuDNN " + Cudnn.version() + " refuses " + what + " (" + words(status) + ")");
        }
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
