package io.ugatit.tensor.cuda.driver;

/** Why a library could not be loaded, as the system's loader says it. */
public final class LoaderWords {
    private LoaderWords() { }

    /** The line with the loader's words, which come after JNA's own, without a full stop. */
    public static String of(LinkageError error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("Unable to load library"))
                .findFirst().orElse(text).replaceFirst("\\.$", "");
    }
}
