package io.ugatit.image;

import com.sun.management.OperatingSystemMXBean;
import io.ugatit.image.metadata.Orientation;
import io.ugatit.image.reader.RasterImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Prints how many images a second one thread decodes, resizes to 286 x 286, and both: as the program does it, by ImageIO and plain loops
 * as it does where there are no vectors, and by Pillow. They take turns for a second each; what counts is the median of the turns.
 */
public final class ImageBenchmark {
    private static final int SIDE = 286;
    private static final int TURNS = 7;
    private static final double TURN_SECONDS = 1;
    private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ImageBenchmark() {}

    /** Something that is done with an image of the list. */
    @FunctionalInterface
    private interface Work {
        Object apply(byte[] file) throws IOException;
    }

    /**
     * Runs the benchmark.
     *
     * @param args a folder of JPEGs or PNGs, all of one format; the Python script that times Pillow; optionally a Python that has Pillow
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<byte[]> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(Path.of(args[0]))) {
            for (Path path : found.sorted().toList()) {
                files.add(Files.readAllBytes(path));
            }
        }
        ImageFormat format = ImageFormat.of(files.get(0)).orElseThrow();
        ImageDecoder decoder = new ImageDecoder();
        List<RgbImage> images = new ArrayList<>();
        for (byte[] file : files) {
            images.add(decoder.decode(file));
        }
        IntFunction<RgbImage> image = i -> images.get(i % images.size());
        int[] next = {0};
        List<Work> works = List.of(
                decoder::decode,
                file -> Resize.bilinear(image.apply(next[0]++), SIDE, SIDE),
                file -> decoder.decode(new ImageFile("x", file.length, () -> file), Fit.STRETCH, SIDE, (square, bytes) -> square),
                file -> plain(format, file),
                file -> Resize.inTwoPasses(image.apply(next[0]++), SIDE, SIDE),
                file -> Resize.inTwoPasses(plain(format, file), SIDE, SIDE));
        double[][] rates = new double[9][TURNS];
        for (int turn = -1; turn < TURNS; turn++) { // one turn to warm up
            for (int w = 0; w < works.size(); w++) {
                double rate = rate(works.get(w), files, turn < 0 ? 5 * TURN_SECONDS : TURN_SECONDS);
                rates[w][Math.max(turn, 0)] = rate;
            }
            double[] pillow = args.length < 3 || turn < 0 ? new double[3] : pillow(args[2], args[1], args[0]);
            for (int w = 0; w < 3; w++) {
                rates[6 + w][Math.max(turn, 0)] = pillow[w];
            }
        }
        print(format, rates);
    }

    private static RgbImage plain(ImageFormat format, byte[] file) throws IOException {
        try (RasterImage image = format == ImageFormat.JPEG ? RasterImage.jpeg(file) : RasterImage.png(file)) {
            Orientation orientation = format.orientation(file);
            byte[] upright = orientation.apply(image.decode(), image.width(), image.height());
            return orientation.isSideways() ? new RgbImage(image.height(), image.width(), upright)
                    : new RgbImage(image.width(), image.height(), upright);
        }
    }

    /** Images per second of this process's time on processors. */
    private static double rate(Work work, List<byte[]> files, double seconds) throws IOException {
        long start = PROCESS.getProcessCpuTime();
        long done = 0;
        while (PROCESS.getProcessCpuTime() - start < 1e9 * seconds) {
            for (byte[] file : files) {
                work.apply(file);
            }
            done += files.size();
        }
        return 1e9 * done / (PROCESS.getProcessCpuTime() - start);
    }

    /** Pillow's rates: decode, resize, both. */
    private static double[] pillow(String python, String script, String folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python, script, folder, Integer.toString(SIDE), Double.toString(TURN_SECONDS))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (process.waitFor() != 0) {
            throw new IOException(python + " does not run the script that times Pillow");
        }
        return Stream.of(line.trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static void print(ImageFormat format, double[][] rates) {
        String[] names = {"with vectors", "ImageIO and loops", "Pillow"};
        System.out.printf("| %s, images/s | decode | resize | both | both, of Pillow's |%n|---|---:|---:|---:|---:|%n", format);
        for (int reader = 0; reader < 3; reader++) {
            double both = median(rates[3 * reader + 2]);
            double[] ratios = new double[TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                ratios[turn] = rates[3 * reader + 2][turn] / rates[8][turn];
            }
            if (both > 0) {
                System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.0f | %s |%n", names[reader], median(rates[3 * reader]),
                        median(rates[3 * reader + 1]), both, rates[8][0] > 0 ? String.format(Locale.ROOT, "%.2f", median(ratios)) : "");
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
