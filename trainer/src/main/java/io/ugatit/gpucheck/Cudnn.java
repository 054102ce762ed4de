package io.ugatit.gpucheck;

import com.sun.jna.NativeLibrary;
import java.util.OptionalLong;

/** Whether cuDNN is on this machine; nothing needs it. */
final class Cudnn {
    /** Names another library than cuDNN 9 in the loader's path, or {@code none}. */
    static final String PROPERTY = "ugatit.cudnn.library";
    /** The value of {@link #PROPERTY} that does without it. */
    static final String NONE = "none";

    private Cudnn() { }

    /** Its version, such as 90501; empty if it is not found or switched off. */
    static OptionalLong version() {
        String library = System.getProperty(PROPERTY, "libcudnn.so.9");
        if (library.equals(NONE)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(NativeLibrary.getInstance(library).getFunction("cudnnGetVersion").invokeLong(new Object[0]));
        } catch (UnsatisfiedLinkError e) {
            return OptionalLong.empty(); // that it is not there is the answer
        }
    }
}
