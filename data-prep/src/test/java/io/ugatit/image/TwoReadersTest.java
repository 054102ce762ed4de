package io.ugatit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.reader.EncodedImage;
import io.ugatit.image.reader.RasterImage;
import io.ugatit.image.reader.RgbConversion;
import io.ugatit.image.reader.StripImage;
import io.ugatit.image.strip.WideVectors;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;

/** Images that are made up, written by ImageIO, read by our readers and by ImageIO. */
class TwoReadersTest {
    private static final int[] TYPES = {
        BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_USHORT_GRAY
    };

    private final Random random = new Random(3);

    @Test
    void jpegsAreWhatImageIoReads() throws IOException {
        int strips = 0;
        for (int i = 0; i < 150; i++) {
            byte[] file = jpeg(picture(TYPES[i % 2]), 0.01f + 0.99f * random.nextFloat(), i % 3 == 0);
            strips += same(ImageFormat.JPEG, file) instanceof StripImage ? 1 : 0;
        }
        assertThat(strips).isEqualTo(WideVectors.AVAILABLE ? 150 : 0);
    }

    /** Of the data a window of 64 kB is kept at a time. */
    @Test
    void aLongJpegIsWhatImageIoReadsAndIsRefusedWhereverItIsCut() throws IOException {
        for (boolean progressive : new boolean[] {false, true}) {
            byte[] file = jpeg(picture(BufferedImage.TYPE_3BYTE_BGR, 800, 600), 1, progressive);
            assertThat(file).hasSizeGreaterThan(4 << 16);

            same(ImageFormat.JPEG, file);

            for (int length = (1 << 16) - 9_000; length < file.length - 2; length += 9_001) {
                byte[] cut = Arrays.copyOf(file, length);
                assertThatThrownBy(() -> decode(ImageFormat.JPEG, cut)).as("the first %d bytes", length).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void pngsAreWhatImageIoReads() throws IOException {
        int own = 0;
        for (int i = 0; i < 150; i++) {
            byte[] file = written("png", picture(TYPES[i % TYPES.length]), i % 3 == 0, settings -> {});
            own += same(ImageFormat.PNG, file) instanceof StripImage ? 1 : 0;
        }
        assertThat(own).isEqualTo(150);
    }

    /** Data sets that are stored as images have these files. */
    @Test
    void whatTheEncoderWritesIsWhatImageIoReads() throws IOException {
        for (int i = 0; i < 30; i++) {
            RgbImage image = rgb(picture(BufferedImage.TYPE_3BYTE_BGR));

            assertThat(same(ImageFormat.PNG, ImageEncoder.PNG.encode(image))).isInstanceOf(StripImage.class);
            same(ImageFormat.JPEG, ImageEncoder.JPEG.encode(image));
        }
    }

    @Test
    void imagesAreResizedAsWithoutVectors() {
        for (int i = 0; i < 100; i++) {
            RgbImage image = rgb(picture(BufferedImage.TYPE_3BYTE_BGR));
            int width = 1 + random.nextInt(i % 10 == 0 ? 200 : 30);
            int height = 1 + random.nextInt(i % 10 == 1 ? 200 : 30);

            assertThat(Resize.bilinear(image, width, height).pixels())
                    .as("%d x %d to %d x %d", image.width(), image.height(), width, height)
                    .isEqualTo(Resize.inTwoPasses(image, width, height).pixels());
        }
    }

    /** libjpeg guesses what is missing; so do the readers of both programs, each in its way. */
    @Test
    void aProgressiveJpegWithoutItsLastScanIsLeftToLibjpeg() throws IOException {
        byte[] file = jpeg(picture(BufferedImage.TYPE_3BYTE_BGR), 0.9f, true);
        int last = file.length - 2;
        while (file[last] != (byte) 0xff || file[last + 1] != (byte) 0xda) {
            last--;
        }
        byte[] shorter = Arrays.copyOf(file, last + 2);
        shorter[last + 1] = (byte) 0xd9;

        assertThat(same(ImageFormat.JPEG, shorter)).isInstanceOf(RasterImage.class);
    }

    private static byte[] decode(ImageFormat format, byte[] file) throws IOException {
        try (EncodedImage image = format.open(file)) {
            return image.decode();
        }
    }

    private EncodedImage same(ImageFormat format, byte[] file) throws IOException {
        boolean jpeg = format == ImageFormat.JPEG;
        try (EncodedImage image = format.open(file); RasterImage expected = jpeg ? RasterImage.jpeg(file) : RasterImage.png(file)) {
            assertThat(image.width()).isEqualTo(expected.width());
            assertThat(image.decode()).as("%d x %d", image.width(), image.height()).isEqualTo(expected.decode());
            return image;
        }
    }

    /** Smooth in some rows and columns and noise in others, so that all filters and all lengths of codes come up. */
    private BufferedImage picture(int type) {
        return picture(type, 1 + random.nextInt(70), 1 + random.nextInt(70));
    }

    private BufferedImage picture(int type, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, type);
        int noise = random.nextInt(60);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int gray = 3 * x + 2 * y + (y % 20 > 10 ? random.nextInt(1 + noise) : 0);
                image.setRGB(x, y, (255 - x % 40) << 24 | (gray & 0xff) << 16 | (255 - gray & 0xff) << 8 | (gray * y & 0xff));
            }
        }
        return image;
    }

    private static RgbImage rgb(BufferedImage image) {
        return new RgbImage(image.getWidth(), image.getHeight(), RgbConversion.toRgb(image));
    }

    private static byte[] jpeg(BufferedImage image, float quality, boolean progressive) throws IOException {
        return written("jpeg", image, progressive, settings -> {
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality);
        });
    }

    /** A file that ImageIO writes; a progressive PNG is an interlaced one. */
    private static byte[] written(String format, BufferedImage image, boolean progressive, Consumer<ImageWriteParam> settings)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), format).next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageWriteParam options = writer.getDefaultWriteParam();
            settings.accept(options);
            options.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.setOutput(ImageIO.createImageOutputStream(file));
            writer.write(null, new IIOImage(image, null, null), options);
            ((ImageOutputStream) writer.getOutput()).close();
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }
}
