package io.ugatit.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.github.luben.zstd.Zstd;
import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.ImageFormat;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.ImageHeader;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreTest {
    private static final int SIDE = 41;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"RAW", "PNG"})
    void losslessStoresGiveThePixelsBack(Store store) throws IOException {
        List<DatasetImage> images = List.of(image("smooth", smooth(1)), image("noise", noise(2)), image("black", new byte[3 * SIDE * SIDE]));

        List<DatasetImage> read = read(write(images, store, store));

        for (int i = 0; i < images.size(); i++) {
            assertThat(read.get(i).source()).isEqualTo(images.get(i).source());
            assertThat(read.get(i).pixels()).isEqualTo(images.get(i).pixels());
        }
    }

    @Test
    void jpegGivesNearlyThePixelsBack() throws IOException {
        byte[] given = smooth(1);

        byte[] read = read(write(List.of(image("smooth", given)), Store.JPEG, Store.JPEG)).get(0).pixels();

        assertThat(read).hasSameSizeAs(given).isNotEqualTo(given);
        assertThat(psnr(given, read)).isGreaterThan(40);
    }

    @Test
    void eachEncodedStoreTakesLessThanTheOneBefore() throws IOException {
        List<DatasetImage> images = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            images.add(image(String.format("%02d", i), smooth(i)));
        }

        long raw = bytes(write(images, Store.RAW, Store.RAW));
        long png = bytes(write(images, Store.PNG, Store.PNG));
        long jpeg = bytes(write(images, Store.JPEG, Store.JPEG));

        assertThat(png).isLessThan(raw);
        assertThat(jpeg).isLessThan(png);
    }

    @Test
    void theStoreOfTheManifestMustBeThatOfTheShard() throws IOException {
        List<DatasetImage> images = List.of(image("sub/a.jpg", smooth(1)));

        assertFails(write(images, Store.RAW, Store.PNG), "(sub/a.jpg: not a JPEG, PNG, GIF, BMP, WebP or TIFF image)");
        assertFails(write(images, Store.JPEG, Store.PNG), "(sub/a.jpg: a JPEG of 41 x 41 pixels is not the PNG of 41 x 41 that the manifest says)");
        assertFails(write(images, Store.JPEG, Store.RAW), "(sub/a.jpg: ", " bytes are not 41 x 41 pixels as the manifest says)");
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG", "JPEG"})
    void anEncodedImageOfAnotherSizeIsRefusedBeforeItIsDecoded(Store store) {
        byte[] large = (store == Store.PNG ? ImageEncoder.PNG : ImageEncoder.JPEG).encode(new RgbImage(300, 20, new byte[3 * 300 * 20]));

        assertThatThrownBy(() -> store.decode(large, SIDE)).isInstanceOf(ImageFormatException.class)
                .hasMessage("a " + store + " of 300 x 20 pixels is not the " + store + " of 41 x 41 that the manifest says");
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG", "JPEG"})
    void aDamagedImageIsAnErrorNeverHalfAnImage(Store store) {
        byte[] whole = store.encode(image("smooth", smooth(3)));
        byte[] cut = Arrays.copyOf(whole, whole.length * 2 / 3);

        assertThatThrownBy(() -> store.decode(cut, SIDE)).isInstanceOf(ImageFormatException.class).message().contains("cut-off " + store);
        assertThatThrownBy(() -> store.decode(new byte[0], SIDE)).hasMessage("the file is empty");
    }

    @ParameterizedTest
    @EnumSource
    void noiseOfAnySideFitsIntoTheMostBytesOfItsStore(Store store) {
        for (int side : new int[] {1, 2, 16, 41, 130}) {
            byte[] pixels = new byte[3 * side * side];
            new Random(side).nextBytes(pixels);
            assertThat(store.encode(new DatasetImage("noise", side, side, pixels)).length).isLessThanOrEqualTo((int) store.mostBytes(side));
        }
    }

    @Test
    void aPageThatAsksForMoreThanARowGroupIsRefusedBeforeMemoryIsTaken() throws IOException {
        BytesInput page = BytesInput.from(Zstd.compress(new byte[1000]));
        CompressionCodecFactory.BytesInputDecompressor pages = new ZstdPages(1000).getDecompressor(CompressionCodecName.ZSTD);

        assertThat(pages.decompress(page, 1000).toByteArray()).isEqualTo(new byte[1000]);
        assertThatThrownBy(() -> pages.decompress(page, Integer.MAX_VALUE)).isInstanceOf(IOException.class)
                .hasMessage("a page asks for 2147483647 bytes, more than the 1000 of a row group");
        BytesInput less = BytesInput.from(Zstd.compress(new byte[999]));
        assertThatThrownBy(() -> pages.decompress(less, 1000)).hasMessage("a page has 999 bytes, its header says 1000");
        assertThatThrownBy(() -> new ZstdPages(1000).getDecompressor(CompressionCodecName.GZIP))
                .hasMessage("its pages are compressed by GZIP, not by ZSTD");
    }

    @Test
    void factsAreThoseOfPlainComputation() throws IOException {
        byte[] pixels = noise(5);
        double[] sums = new double[4];
        double squares = 0;
        for (int i = 0; i < pixels.length; i += 3) {
            double luma = 0;
            for (int channel = 0; channel < 3; channel++) {
                int value = pixels[i + channel] & 0xff;
                sums[channel] += value;
                luma += new double[] {0.299, 0.587, 0.114}[channel] * value;
            }
            sums[3] += Math.round(luma);
            squares += Math.round(luma) * Math.round(luma);
        }
        int count = SIDE * SIDE;
        List<ImageFacts> facts = new ArrayList<>();
        ImageDataset dataset = write(List.of(image("black", new byte[3 * count]), image("noise", pixels)), Store.JPEG, Store.JPEG);

        assertThat(FactsReader.read(dataset, Domain.A, Split.TRAIN, new Configuration(), facts::add)).isEqualTo(2);

        assertThat(facts.get(0)).isEqualTo(new ImageFacts("GIF", "P", 300, 200, 0, 0, 0, 0));
        assertThat(facts.get(1).red()).isEqualTo((float) (sums[0] / count));
        assertThat(facts.get(1).green()).isEqualTo((float) (sums[1] / count));
        assertThat(facts.get(1).blue()).isEqualTo((float) (sums[2] / count));
        assertThat(facts.get(1).brightness()).isCloseTo(sums[3] / count, within(0.05));
        assertThat(facts.get(1).contrast())
                .isCloseTo((float) Math.sqrt(squares / count - sums[3] / count * sums[3] / count), within(0.01f));
    }

    @Test
    void imagesThatAreNotInTheVersionTellNoFacts() throws IOException {
        List<DatasetImage> images = List.of(image("a", noise(1)), image("b", noise(2)), image("c", noise(3)));
        ImageDataset all = write(images, Store.RAW, Store.RAW);
        Shard shard = all.manifest().shards(Domain.A, Split.TRAIN).get(0);
        List<ImageFacts> facts = new ArrayList<>();
        FactsReader.read(all, Domain.A, Split.TRAIN, new Configuration(), facts::add);

        ImageDataset fewer = new ImageDataset(all.path(), new DatasetManifest(DatasetManifest.FORMAT_VERSION, 2, SIDE, SIDE, Fit.STRETCH,
                Store.RAW, List.of(new Partition(Domain.A, Split.TRAIN, 1, 0, 0, 0, 0, 0, 0, 0, 0, List.of(shard.without(List.of(0, 2))))),
                "0".repeat(64)));
        List<ImageFacts> left = new ArrayList<>();

        assertThat(FactsReader.read(fewer, Domain.A, Split.TRAIN, new Configuration(), left::add)).isEqualTo(1);
        assertThat(left).containsExactly(facts.get(1)).doesNotContain(facts.get(0), facts.get(2));
    }

    @Test
    void aDatasetOfTheFirstFormatIsReadAndTellsNoFacts() throws IOException {
        String path = StoreTest.class.getResource("first-format").toString();
        ImageDataset dataset = ImageDataset.open(path, new Configuration());

        assertThat(dataset.manifest().formatVersion()).isEqualTo(1);
        assertThat(dataset.manifest().store()).isEqualTo(Store.RAW);
        assertThat(dataset.count(Domain.B, Split.TRAIN)).isEqualTo(2);
        List<DatasetImage> images = read(dataset);
        assertThat(images).extracting(DatasetImage::source).containsExactly("0.png", "1.png", "2.png");
        assertThat(images.get(2).pixels()).isEqualTo(Resize.bilinear(ramp(200, 40, 90), 18, 18).pixels());
        assertThat(FactsReader.read(dataset, Domain.A, Split.TRAIN, new Configuration(), facts -> {
            throw new AssertionError(facts);
        })).isZero();
    }

    /** As the files were drawn of which the first format's data set was made. */
    private static RgbImage ramp(int red, int green, int blue) {
        byte[] pixels = new byte[3 * 24 * 20];
        for (int i = 0; i < 24 * 20; i++) {
            pixels[3 * i] = (byte) (red + 3 * (i % 24));
            pixels[3 * i + 1] = (byte) (green + 5 * (i / 24));
            pixels[3 * i + 2] = (byte) blue;
        }
        return new RgbImage(24, 20, pixels);
    }

    private static void assertFails(ImageDataset dataset, String... messages) {
        assertThatThrownBy(() -> read(dataset)).isInstanceOf(JobFailedException.class)
                .hasMessageContaining("part-00000.zstd.parquet").hasMessageContainingAll(messages);
    }

    private static long bytes(ImageDataset dataset) {
        return dataset.manifest().shards(Domain.A, Split.TRAIN).get(0).bytes();
    }

    private static List<DatasetImage> read(ImageDataset dataset) throws IOException {
        List<DatasetImage> images = new ArrayList<>();
        try (ImageReader reader = dataset.reader(Domain.A, Split.TRAIN, new Configuration(), 0)) {
            for (long i = 0; i < reader.count(); i++) {
                images.add(reader.read(i));
            }
        }
        return images;
    }

    private ImageDataset write(List<DatasetImage> images, Store store, Store inManifest) throws IOException {
        FileSystem fs = FileSystem.getLocal(new Configuration()).getRaw();
        Path file = folder.resolve(DatasetManifest.folder(Domain.A, Split.TRAIN)).resolve("part-00000.zstd.parquet");
        Files.createDirectories(file.getParent());
        String name = file.getFileName().toString();
        Shard shard;
        try (ShardWriter writer = new ShardWriter(fs, new org.apache.hadoop.fs.Path(file.toUri()), name, SIDE, store)) {
            for (DatasetImage image : images) {
                writer.write(image, "0".repeat(64), new ImageHeader(ImageFormat.GIF, "P", 300, 200));
            }
            shard = writer.finish();
        }
        Partition partition = new Partition(Domain.A, Split.TRAIN, images.size(), 0, 0, 0, 0, 0, 0, 0, 0, List.of(shard));
        return new ImageDataset(folder.toString(), new DatasetManifest(DatasetManifest.FORMAT_VERSION, 1, SIDE, SIDE, Fit.STRETCH, inManifest,
                List.of(partition), "0".repeat(64)));
    }

    private static DatasetImage image(String source, byte[] pixels) {
        return new DatasetImage(source, SIDE, SIDE, pixels);
    }

    private static byte[] noise(int seed) {
        byte[] pixels = new byte[3 * SIDE * SIDE];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static byte[] smooth(int seed) {
        byte[] few = new byte[3 * 4 * 4];
        new Random(seed).nextBytes(few);
        return Resize.bilinear(new RgbImage(4, 4, few), SIDE, SIDE).pixels();
    }

    private static double psnr(byte[] one, byte[] other) {
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            int difference = (one[i] & 0xff) - (other[i] & 0xff);
            squares += difference * difference;
        }
        return 10 * Math.log10(255 * 255 * one.length / squares);
    }
}
