package io.ugatit.tensor.cuda.driver;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.ugatit.job.Host;
import java.util.Optional;

/**
 * Binds {@link Libcuda} to the driver's library, once a JVM. The system property {@code ugatit.cuda.library} names another file than
 * {@code libcuda.so.1} in the loader's path, or says {@code none} to do without GPUs. JNA unpacks its own library into
 * {@code jna.tmpdir}, or Java's folder for temporary files.
 */
final class CudaLibrary {
    /** The first driver that has all functions used here; the kernels' PTX (ISA 7.0) wants 11.0. */
    static final int LEAST_VERSION = 11_040;

    private static final String INSTALL_NEWER = "install a driver of CUDA " + words(LEAST_VERSION) + " or newer (470 or newer)";

    private static final String PROPERTY = "ugatit.cuda.library";
    private static final String NONE = "none";

    private static volatile Binding binding;

    private CudaLibrary() { }

    /**
     * What came of binding a library.
     *
     * @param library its name or path
     * @param version such as 12040 for a driver of CUDA 12.4; 0 if there is none
     * @param problem why it cannot be called, as one line; null if it can
     */
    private record Binding(String library, int version, String problem) { }

    /** Why the driver cannot be called, as one line; empty if it can. */
    static Optional<String> problem() {
        return NONE.equals(System.getProperty(PROPERTY))
                ? Optional.of("GPUs are switched off on " + Host.name() + ": start the JVM without -D" + PROPERTY + "=" + NONE)
                : Optional.ofNullable(bound().problem);
    }

    /** Such as 12040 for a driver of CUDA 12.4; 0 if there is none. */
    static int version() {
        return bound().version;
    }

    /** A library that is bound stays; one that could not be is tried again only under another name. */
    private static Binding bound() {
        String library = System.getProperty(PROPERTY, "libcuda.so.1");
        Binding known = binding;
        if (known == null || known.problem != null && !known.library.equals(library)) {
            synchronized (CudaLibrary.class) {
                known = binding;
                if (known == null || known.problem != null && !known.library.equals(library)) {
                    known = bind(library);
                    binding = known;
                }
            }
        }
        return known;
    }

    private static Binding bind(String name) {
        if (System.getProperty("jna.nosys") == null) {
            // the system's JNA may be of another version
            System.setProperty("jna.nosys", "true");
        }
        try {
            // loads JNA's own library, which another may have failed to load before
            if (Native.POINTER_SIZE != Long.BYTES) {
                return new Binding(name, 0, "GPUs need a JVM of 64 bits, unlike the one on " + Host.name());
            }
        } catch (LinkageError e) {
            return new Binding(name, 0, "GPUs cannot be used on " + Host.name() + ", because JNA cannot load its library ("
                    + LoaderWords.of(e) + "): give the JVM a folder that programs may run from by -Djna.tmpdir");
        }
        NativeLibrary library;
        try {
            library = NativeLibrary.getInstance(name);
        } catch (LinkageError e) {
            return new Binding(name, 0, "the NVIDIA driver is not installed: " + name + " cannot be loaded on " + Host.name() + " ("
                    + LoaderWords.of(e)
                    + "); install NVIDIA's driver, or in a container let its runtime pass the GPUs through (--gpus all)");
        }
        int version = 0;
        try {
            // before the others are bound, which an old driver does not have
            NativeMemory cell = new NativeMemory(Integer.BYTES);
            int status = library.getFunction("cuDriverGetVersion").invokeInt(new Object[] {cell.bytes});
            version = cell.bytes.getInt(0);
            if (status == Status.SUCCESS && version < LEAST_VERSION) {
                return new Binding(name, version, "the NVIDIA driver on " + Host.name() + " is one of CUDA " + words(version) + ": "
                        + INSTALL_NEWER);
            }
            Native.register(Libcuda.class, library);
        } catch (LinkageError e) {
            return new Binding(name, version, name + " on " + Host.name() + " is not a whole NVIDIA driver (" + LoaderWords.of(e) + "): "
                    + INSTALL_NEWER);
        }
        return new Binding(name, version, start());
    }

    private static String start() {
        int status = Libcuda.cuInit(0);
        if (status == Status.SUCCESS) {
            return null;
        }
        if (status == Status.NO_DEVICE) {
            return CudaDriver.noDevice(System.getenv(CudaDriver.VISIBLE));
        }
        return "the NVIDIA driver on " + Host.name() + " does not start ("
                + Status.words(status) + "): nvidia-smi must work there; after an update of the driver the machine must be started again";
    }

    /** "12.4" */
    static String words(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
