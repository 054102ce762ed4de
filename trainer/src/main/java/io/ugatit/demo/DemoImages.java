package io.ugatit.demo;

import io.ugatit.job.FileFailure;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The images that ship with the project: emoji in two styles, as small JPEG files in trainA, trainB, testA and testB. Their licenses are
 * in DEMO-IMAGES-NOTICE.txt, beside the archive.
 */
public final class DemoImages {
    private static final String ARCHIVE = "demo-images.zip";
    private static final Pattern NAME = Pattern.compile("(train|test)[AB]/[0-9a-z-]+\\.jpg");
    private static final int MOST_ENTRIES = 10_000;
    private static final int MOST_BYTES = 1 << 20;

    private DemoImages() {}

    /**
     * Writes the images below a folder, each in one piece. Files that are there already with the same content are left as they are, so
     * that an interrupted call can be repeated.
     *
     * @param folder a local folder, made if it is absent
     * @return how many images lie there now
     * @throws JobFailedException if a file cannot be written; those before it are whole
     */
    public static int extractTo(Path folder) {
        try (InputStream archive = DemoImages.class.getResourceAsStream(ARCHIVE)) {
            return extract(archive, folder);
        } catch (IOException e) {
            throw new JobFailedException("demo images: cannot write to " + folder + ": " + FileFailure.reason(e)
                    + "; the images written before are whole", e);
        }
    }

    static int extract(InputStream archive, Path folder) throws IOException {
        ZipInputStream zip = new ZipInputStream(archive);
        int count = 0;
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            // the pattern admits no name that leads out of the folder
            if (!NAME.matcher(entry.getName()).matches()) {
                throw new IOException("the archive holds '" + entry.getName() + "', which is no image of a domain");
            }
            if (++count > MOST_ENTRIES) {
                throw new IOException("the archive holds more than " + MOST_ENTRIES + " images");
            }
            byte[] image = zip.readNBytes(MOST_BYTES + 1);
            if (image.length > MOST_BYTES) {
                throw new IOException("'" + entry.getName() + "' in the archive is larger than " + MOST_BYTES + " bytes");
            }
            write(image, folder.resolve(entry.getName()));
        }
        return count;
    }

    private static void write(byte[] image, Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) == image.length && Arrays.equals(Files.readAllBytes(file), image)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path whole = file.resolveSibling(".tmp-" + file.getFileName());
        Files.write(whole, image);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
