package io.ugatit.dataset;

import com.sun.management.OperatingSystemMXBean;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.ImageHeader;
import io.ugatit.image.RgbImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** What the ways to store pixels cost and save: {@code submit/bench-reading} runs it and says how. */
public final class ReadingBenchmark {
    private static final Configuration CONFIGURATION = new Configuration();
    /** Images that are written; of fewer files each comes several times, under another name. */
    private static final int IMAGES = 340;
    private static final double SECONDS = 10;

    private ReadingBenchmark() {}

    /**
     * Prints a Markdown table.
     *
     * @param args a folder of images and a side in pixels
     */
    public static void main(String[] args) throws IOException {
        int side = Integer.parseInt(args[1]);
        List<DatasetImage> images = decode(Path.of(args[0]), side);
        System.out.printf(Locale.ROOT, "%d images of %s at %d px%n%n", images.size(), args[0], side);
        System.out.println("| store | bytes an image | share of raw | read, images/s | MB/s of pixels | written, images/s | PSNR, dB |");
        System.out.println("|---|---|---|---|---|---|---|");
        Path folder = Files.createTempDirectory("bench-reading");
        try {
            double raw = 0;
            for (Store store : Store.values()) {
                Path data = folder.resolve(store.label());
                long start = cpu();
                ImageDataset dataset = write(images, side, store, data);
                double written = IMAGES / seconds(start);
                double bytes = dataset.manifest().shards(Domain.A, Split.TRAIN).get(0).bytes() / (double) IMAGES;
                raw = store == Store.RAW ? bytes : raw;
                double read = read(dataset);
                System.out.printf(Locale.ROOT, "| %s | %,.0f | %.2f | %,.0f | %,.0f | %,.0f | %s |%n", store.label(), bytes, bytes / raw, read,
                        read * ShardFormat.pixelBytes(side) / 1e6, written, psnr(dataset, images));
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<DatasetImage> decode(Path folder, int side) throws IOException {
        List<DatasetImage> images = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().limit(IMAGES).toList()) {
                try {
                    RgbImage image = Fit.STRETCH.apply(new ImageDecoder().decode(Files.readAllBytes(file)), side);
                    images.add(new DatasetImage(String.format("%06d", images.size()), side, side, image.pixels()));
                } catch (ImageFormatException e) {
                    System.err.println("left out " + file + ": " + e.getMessage());
                }
            }
        }
        return images;
    }

    private static ImageDataset write(List<DatasetImage> images, int side, Store store, Path data) throws IOException {
        String name = "part-00000.zstd.parquet";
        Path folder = Files.createDirectories(data.resolve(DatasetManifest.folder(Domain.A, Split.TRAIN)));
        FileSystem fs = FileSystem.getLocal(CONFIGURATION).getRaw();
        try (ShardWriter writer = new ShardWriter(fs, new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), name, side, store)) {
            for (int i = 0; i < IMAGES; i++) {
                DatasetImage image = images.get(i % images.size());
                writer.write(image, "0".repeat(64), new ImageHeader(ImageFormat.JPEG, "RGB", side, side));
            }
            List<Shard> shards = List.of(writer.finish());
            return new ImageDataset(data.toString(), new DatasetManifest(DatasetManifest.FORMAT_VERSION, 1, side, side, Fit.STRETCH, store,
                    List.of(new Partition(Domain.A, Split.TRAIN, IMAGES, 0, 0, 0, 0, 0, 0, 0, 0, shards)), "0".repeat(64)));
        }
    }

    /** Images a second in the best round: reading in order, nothing kept, the file in the page cache. */
    private static double read(ImageDataset dataset) throws IOException {
        double best = 0;
        long end = cpu() + (long) (SECONDS * 1e9);
        while (cpu() < end) {
            long start = cpu();
            long sum = 0;
            try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, CONFIGURATION, 0)) {
                for (int i = 0; i < IMAGES; i++) {
                    sum += reader.read(i).pixels()[0];
                }
            }
            if (sum == Long.MIN_VALUE) {
                throw new AssertionError("the sum is there so that reading is not left out");
            }
            best = Math.max(best, IMAGES / seconds(start));
        }
        return best;
    }

    private static String psnr(ImageDataset dataset, List<DatasetImage> images) throws IOException {
        double squares = 0;
        long values = 0;
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, CONFIGURATION, 0)) {
            for (int i = 0; i < Math.min(images.size(), IMAGES); i++) {
                byte[] stored = reader.read(i).pixels();
                byte[] given = images.get(i).pixels();
                for (int j = 0; j < given.length; j++) {
                    int difference = (stored[j] & 0xff) - (given[j] & 0xff);
                    squares += difference * difference;
                }
                values += given.length;
            }
        }
        return squares == 0 ? "the same" : String.format(Locale.ROOT, "%.1f", 10 * Math.log10(255 * 255 / (squares / values)));
    }

    /** Of all threads, the collector's and the compiler's too: what other programs on the machine do hardly matters. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static double seconds(long start) {
        return (cpu() - start) / 1e9;
    }
}
