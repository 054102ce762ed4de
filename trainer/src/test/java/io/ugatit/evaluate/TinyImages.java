package io.ugatit.evaluate;

import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Folders of small images that differ from domain to domain: reddish in A, bluish in B. */
public final class TinyImages {
    /** Height and width of every image. */
    public static final int SIDE = 16;

    private TinyImages() { }

    /** Writes images into trainA, trainB, testA and testB, so many into each; another seed gives others. */
    public static void write(Path folder, int count, long seed) throws IOException {
        write(folder.resolve("trainA"), count, 2 * seed, 0);
        write(folder.resolve("trainB"), count, 2 * seed, 2);
        write(folder.resolve("testA"), count, 2 * seed + 1, 0);
        write(folder.resolve("testB"), count, 2 * seed + 1, 2);
    }

    private static void write(Path folder, int count, long seed, int channel) throws IOException {
        Random random = new Random(seed);
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[3 * SIDE * SIDE];
            for (int p = 0; p < pixels.length; p++) {
                pixels[p] = (byte) (random.nextInt(100) + (p % 3 == channel ? 150 : 0));
            }
            Files.write(folder.resolve(i + ".png"), ImageEncoder.PNG.encode(new RgbImage(SIDE, SIDE, pixels)));
        }
    }
}
