package io.ugatit.mlflow;

import java.io.IOException;

/** The server has answered, with another status than that of success. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;
    private final int status;
    private final String code;

    /** @param code MLflow's, or empty */
    RefusedException(int status, String code, String message) {
        super("it answered with status " + status + (message.isEmpty() ? "" : ": " + message));
        this.status = status;
        this.code = code;
    }

    /** Whether what was asked for is not there. */
    boolean isMissing() {
        return code.equals("RESOURCE_DOES_NOT_EXIST");
    }

    /** Whether what was asked for is there already. */
    boolean isThere() {
        return code.equals("RESOURCE_ALREADY_EXISTS");
    }

    /** Whether it would say the same again. */
    boolean isFinal() {
        return status == BAD_REQUEST;
    }
}
