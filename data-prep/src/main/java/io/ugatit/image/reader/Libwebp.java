package io.ugatit.image.reader;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.luciad.imageio.webp.internal.NativeLoader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.imageio.ImageReader;

/**
 * libwebp, through webp-imageio. The native library comes out of the jar into a new folder that only this user can look into, is loaded
 * once, and the folder is deleted. Where the first place for it does not let code be run, the next is tried.
 */
final class Libwebp {
    /** Where webp-imageio puts its library. */
    private static final String PLACE = "com.luciad.imageio.webp.tmpdir";

    /** Why it does not load; null if it did. */
    private static final String FAILURE = load();

    private Libwebp() {}

    /**
     * Decodes a picture.
     *
     * @param file a WebP without animation, whose lengths and sizes have been checked
     * @param width its columns
     * @param height its rows
     * @return pixels row by row from the top: alpha, red, green, blue from the highest byte down, colours not multiplied by alpha
     * @throws IOException if it is damaged
     * @throws JobFailedException if libwebp does not load on this machine
     */
    static int[] decode(byte[] file, int width, int height) throws IOException {
        if (FAILURE != null) {
            throw new JobFailedException("WebP images cannot be decoded on " + Host.name() + ": " + FAILURE);
        }
        ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
        try {
            reader.setInput(new ByteArrayImageInputStream(file), true, true);
            if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
                throw new RefusedImageException("damaged WebP: libwebp finds another size in it");
            }
            BufferedImage image = reader.read(0);
            return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        } catch (OutOfMemoryError e) {
            if (e.getMessage() != null) {
                throw e; // the virtual machine's
            }
            // webp-imageio makes one of a status that libwebp has for damaged transparency as well; the size was checked
            throw new RefusedImageException("damaged WebP: libwebp cannot decode it", e);
        } finally {
            reader.dispose();
        }
    }

    private static String load() {
        Set<String> places = new LinkedHashSet<>();
        for (String property : new String[] {PLACE, "java.io.tmpdir", "user.home", "user.dir"}) {
            if (System.getProperty(property) != null) {
                places.add(System.getProperty(property));
            }
        }
        String failure = "";
        for (String place : places) {
            try {
                Path folder = Files.createTempDirectory(Path.of(place), "libwebp");
                try {
                    System.setProperty(PLACE, folder.toString());
                    if (NativeLoader.initialize()) {
                        return null;
                    }
                } finally {
                    clear(folder.toFile());
                }
            } catch (IOException | RuntimeException | LinkageError e) {
                failure = place + ": " + e;
            }
        }
        return "libwebp does not load from any of " + String.join(", ", places) + " (" + failure + "); set -D" + PLACE + " to a folder "
                + "where programs may be run, in --driver-java-options and in spark.executor.extraJavaOptions, or convert them to PNG";
    }

    /** A library that is loaded stays so without its file; where a system keeps the file until then, the process's end deletes it. */
    private static void clear(File folder) {
        for (File file : folder.listFiles()) {
            file.delete();
        }
        if (!folder.delete()) {
            folder.deleteOnExit();
        }
    }
}
