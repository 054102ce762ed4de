package io.ugatit.tensor.cuda.cudnn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.ugatit.job.Host;
import io.ugatit.tensor.cuda.driver.LoaderWords;
import java.util.Optional;

/**
 * Whether cuDNN 9 is installed. The first question loads it; what it finds holds as long as the JVM does. The system property
 * {@value #PROPERTY} names another file than {@code libcudnn.so.9} in the loader's path, or is {@value #NONE}.
 */
public final class Cudnn {
    /** The system property that names the library, or switches it off. */
    public static final String PROPERTY = "ugatit.cudnn.library";
    /** What the property is to do without cuDNN. */
    public static final String NONE = "none";
    private static final int MAJOR = 9;
    private static final String INSTALL = "install NVIDIA's cuDNN 9 where the loader finds it (ldconfig, LD_LIBRARY_PATH), or name its"
            + " libcudnn.so.9 by -D" + PROPERTY;

    private static Binding binding;

    private Cudnn() { }

    /**
     * What came of binding a library.
     *
     * @param library its name or path
     * @param version as it tells; 0 if there is none
     * @param problem why it cannot be called, as one line; null if it can
     */
    private record Binding(String library, long version, String problem) { }

    /** Why it cannot be called, as one line that says what to do; empty if it can. */
    public static Optional<String> problem() {
        return library().equals(NONE) ? Optional.of("cuDNN is switched off by -D" + PROPERTY + "=" + NONE)
                : Optional.ofNullable(bound().problem);
    }

    /** Such as 9.5.1; 0.0.0 if there is none. */
    public static String version() {
        return words(bound().version);
    }

    private static String library() {
        return System.getProperty(PROPERTY, "libcudnn.so.9");
    }

    /** A library that is bound stays; one that could not be is tried again only under another name. */
    private static synchronized Binding bound() {
        String library = library();
        if (binding == null || binding.problem != null && !binding.library.equals(library)) {
            binding = bind(library);
        }
        return binding;
    }

    private static Binding bind(String name) {
        NativeLibrary library;
        try {
            library = NativeLibrary.getInstance(name);
        } catch (LinkageError e) {
            return new Binding(name, 0, "cuDNN is not installed: " + name + " cannot be loaded on " + Host.name() + " (" + LoaderWords.of(e)
                    + "); " + INSTALL);
        }
        long version = 0;
        try {
            // before the others are bound, which another version may not have
            version = library.getFunction("cudnnGetVersion").invokeLong(new Object[0]);
            if (major(version) != MAJOR) {
                return new Binding(name, version, "cuDNN on " + Host.name() + " is version " + words(version) + " (" + name + "): "
                        + INSTALL);
            }
            Native.register(Libcudnn.class, library);
        } catch (LinkageError e) {
            return new Binding(name, version, name + " on " + Host.name() + " is not a whole cuDNN (" + LoaderWords.of(e) + "): "
                    + INSTALL);
        }
        return new Binding(name, version, null);
    }

    private static long major(long version) {
        // the factor changed with version 9
        return version < 10_000 ? version / 1000 : version / 10_000;
    }

    private static String words(long version) {
        long factor = version < 10_000 ? 1000 : 10_000;
        return version / factor + "." + version % factor / 100 + "." + version % 100;
    }
}
