package io.ugatit.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.image.Fit;
import io.ugatit.image.ImageEncoder;
import io.ugatit.image.Resize;
import io.ugatit.image.RgbImage;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.option.OutputOptions;
import io.ugatit.translate.option.SelectionOptions;
import io.ugatit.translate.option.ShapeOptions;
import io.ugatit.translate.tile.TileAxis;
import io.ugatit.translate.tile.TileStatistics;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Translations of other than the network's size, of some of the images, and with transparency. */
@Tag("slow")
class TranslateShapesTest extends TranslateFixture {
    private static final ShapeOptions KEEP_SIZE = new ShapeOptions(true, false, null, null);
    private static final ShapeOptions TILE = new ShapeOptions(false, true, null, null);

    private TranslateOptions options(String out, Fit fit, ShapeOptions shape, SelectionOptions selection) {
        return new TranslateOptions(null, weights, Directions.A2B, InputOptions.of(input().toString()),
                OutputOptions.files(folder.resolve(out).toString()), ImageEncoder.PNG, true, false, SIZE, fit, null, shape, selection, null, null,
                null, null);
    }

    private RgbImage translated(String out, Fit fit, ShapeOptions shape, String name) throws IOException {
        translate(options(out, fit, shape, null));
        return decode(folder.resolve(out).resolve(name));
    }

    /** Waves of all lengths: textures and large forms. */
    private static RgbImage waves(int width, int height) {
        Random random = new Random(5);
        double[][] waves = new double[24][];
        for (int i = 0; i < waves.length; i++) {
            double length = 4 * Math.pow(2, i / 4.0);
            double angle = 2 * Math.PI * random.nextDouble();
            waves[i] = new double[] {Math.cos(angle) / length, Math.sin(angle) / length, random.nextDouble(), i % 3};
        }
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            double sum = 0;
            for (double[] wave : waves) {
                if (wave[3] == i % 3) {
                    sum += Math.sin(2 * Math.PI * (wave[0] * (i / 3 % width) + wave[1] * (i / 3 / width) + wave[2]));
                }
            }
            pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(128 + 40 * sum)));
        }
        return new RgbImage(width, height, pixels);
    }

    @ParameterizedTest
    @CsvSource({"STRETCH, 150, 90", "PAD, 150, 90", "CROP, 90, 90"})
    void keptSizeIsTheNetworksSizeScaledBack(Fit fit, int width, int height) throws Exception {
        addImage("x.png", waves(150, 90));
        RgbImage square = translated("square", fit, ShapeOptions.DEFAULT, "x.png");
        RgbImage kept = translated("kept", fit, KEEP_SIZE, "x.png");
        assertThat(kept.width()).isEqualTo(width);
        assertThat(kept.height()).isEqualTo(height);
        assertThat(kept.pixels()).isEqualTo(fit.restore(square, width, height).pixels());
        assertThat(decode(folder.resolve("kept/x.heatmap.png")).pixels())
                .isEqualTo(fit.restore(decode(folder.resolve("square/x.heatmap.png")), width, height).pixels());
    }

    @Test
    void ofATurnedPhotographTheUprightSizeIsKept() throws Exception {
        Files.createDirectories(input());
        Files.copy(Path.of("../data-prep/src/test/resources/io/ugatit/image/formats/orientation-6.jpg"), input().resolve("x.jpg"));
        RgbImage upright = decode(input().resolve("x.jpg"));
        RgbImage kept = translated("kept", Fit.STRETCH, KEEP_SIZE, "x.png");
        RgbImage tiled = translated("tiled", Fit.STRETCH, TILE, "x.png");
        for (RgbImage image : List.of(kept, tiled)) {
            assertThat(image.width()).isEqualTo(upright.width());
            assertThat(image.height()).isEqualTo(upright.height());
        }
    }

    /** The steps between neighbouring pixels on both sides of lines, on average. */
    private static double step(RgbImage image, boolean across, IntPredicate lines) {
        double sum = 0;
        long count = 0;
        int stride = across ? 3 : 3 * image.width();
        for (int y = across ? 0 : 1; y < image.height(); y++) {
            for (int x = across ? 1 : 0; x < image.width(); x++) {
                if (lines.test(across ? x : y)) {
                    for (int c = 0; c < 3; c++) {
                        int at = 3 * (y * image.width() + x) + c;
                        sum += Math.abs((image.pixels()[at] & 0xff) - (image.pixels()[at - stride] & 0xff));
                        count++;
                    }
                }
            }
        }
        return sum / count;
    }

    /** Where the step goes from one tile to the next: both have a share on one of its sides. */
    private static boolean isBorder(TileAxis axis, int at) {
        for (int tile = 1; tile < axis.count(); tile++) {
            if (at >= axis.from(tile) && at <= axis.to(tile - 1)) {
                return true;
            }
        }
        return false;
    }

    /** Texture that is everywhere alike, so that where steps are larger tiles are to blame, but for what the texture itself has there. */
    @Test
    void noSeamIsSeenWhereTilesMeet() throws Exception {
        byte[] grains = new byte[3 * 131 * 101];
        new Random(3).nextBytes(grains);
        RgbImage texture = Resize.bilinear(new RgbImage(131, 101, grains), 330, 250);
        addImage("x.png", texture);
        RgbImage tiled = translated("tiled", Fit.STRETCH, TILE, "x.png");
        assertThat(tiled.width()).isEqualTo(330);
        assertThat(tiled.height()).isEqualTo(250);
        double atBorders = 0;
        double inside = 0;
        for (boolean across : new boolean[] {true, false}) {
            TileAxis axis = new TileAxis(across ? 330 : 250, SIZE);
            double ofTexture = step(texture, across, at -> isBorder(axis, at)) / step(texture, across, at -> !isBorder(axis, at));
            atBorders += step(tiled, across, at -> isBorder(axis, at)) / ofTexture;
            inside += step(tiled, across, at -> !isBorder(axis, at));
        }
        assertThat(inside).isGreaterThan(2);
        assertThat(atBorders).isLessThanOrEqualTo(inside);
    }

    @Test
    void aPictureOfOneTileIsItsTranslationAtTheNetworksSize() throws Exception {
        addImage("x.png", noise(1));
        byte[] square = translated("square", Fit.STRETCH, ShapeOptions.DEFAULT, "x.png").pixels();
        assertThat(translated("whole", Fit.STRETCH, TILE, "x.png").pixels()).isEqualTo(square);
        assertThat(translated("tile", Fit.STRETCH, new ShapeOptions(false, true, TileStatistics.TILE, null), "x.png").pixels())
                .isEqualTo(square);
    }

    @Test
    void picturesOfAnyShapeAreTiledAndTheResultSaysWithWhatStatistics() throws Exception {
        addImage("dot.png", new RgbImage(1, 1, new byte[3]));
        addImage("flat.png", waves(200, 3));
        addImage("long.png", waves(7, 70));
        TranslateResult result = translate(options("tiled", Fit.STRETCH, TILE, null));
        assertThat(result.translated()).isEqualTo(3);
        assertThat(result.shape()).isEqualTo("own size in tiles with the statistics of the whole picture");
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("translations have their image's own size in tiles with the statistics of the whole picture");
        assertThat(Files.readString(folder.resolve("tiled/_translation.json")))
                .contains("\"shape\" : \"own size in tiles with the statistics of the whole picture\"");
        for (String name : List.of("dot", "flat", "long")) {
            RgbImage source = decode(input().resolve(name + ".png"));
            RgbImage tiled = decode(folder.resolve("tiled/" + name + ".png"));
            assertThat(List.of(tiled.width(), tiled.height())).containsExactly(source.width(), source.height());
            assertThat(decode(folder.resolve("tiled/" + name + ".heatmap.png")).width()).isEqualTo(source.width());
        }
    }

    @Test
    void theStatisticsOfTheWholeMakeNoDifferenceOnlyWhereTheyAreThoseOfTheTile() throws Exception {
        addImage("x.png", waves(200, 200));
        byte[] whole = translated("whole", Fit.STRETCH, TILE, "x.png").pixels();
        byte[] tile = translated("tile", Fit.STRETCH, new ShapeOptions(false, true, TileStatistics.TILE, null), "x.png").pixels();
        assertThat(whole).isNotEqualTo(tile);
    }

    @Test
    void whatTranslationsWereMadeWithIsNotMixedAndOldRecordsMeanTheNetworksSize() throws Exception {
        addImages(1);
        translate(options("out", Fit.STRETCH, ShapeOptions.DEFAULT, null));
        Path record = output().resolve("_translation.json");
        Files.writeString(record, Files.readString(record).replaceAll(",\\s*\"(shape|alpha)\" : \"[^\"]*\"", ""));
        assertThat(Files.readString(record)).doesNotContain("shape").doesNotContain("alpha");
        assertThat(translate(options("out", Fit.STRETCH, ShapeOptions.DEFAULT, null)).skipped()).isEqualTo(1);
        assertRefused(options("out", Fit.STRETCH, KEEP_SIZE, null), "--output is file:" + output() + ": its translations were made with"
                + " shape network's size, not own size; choose another --output, or --overwrite to translate all again");
        assertRefused(options("out", Fit.STRETCH, new ShapeOptions(false, false, null, "#00ff00"), null), "--output is file:" + output()
                + ": its translations were made with alpha drop, not #00ff00; choose another --output, or --overwrite to translate all"
                + " again");
        translate(options("tiled", Fit.STRETCH, TILE, null));
        assertThatThrownBy(() -> translate(options("tiled", Fit.STRETCH, new ShapeOptions(false, true, TileStatistics.TILE, null), null)))
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("made with shape own size in tiles with the statistics of"
                        + " the whole picture, not own size in tiles with the statistics of each tile");
    }

    private void addTransparent(String name) throws IOException {
        BufferedImage drawn = new BufferedImage(90, 60, BufferedImage.TYPE_INT_ARGB);
        for (int x = 0; x < 90; x++) {
            for (int y = 0; y < 60; y++) {
                drawn.setRGB(x, y, (x < 30 ? 0 : x < 60 ? 100 : 255) << 24 | 0x4080c0);
            }
        }
        Files.createDirectories(input());
        ImageIO.write(drawn, "png", input().resolve(name).toFile());
    }

    private static int alpha(File file, int x, int y) throws IOException {
        BufferedImage image = ImageIO.read(file);
        return image.getColorModel().hasAlpha() ? image.getRGB(x, y) >>> 24 : -1;
    }

    @Test
    void transparencyIsKeptInEveryShapeAndOpaqueImagesStayOpaque() throws Exception {
        addTransparent("x.png");
        addImage("opaque.png", noise(1));
        Map<String, ShapeOptions> shapes = new TreeMap<>(Map.of("square", new ShapeOptions(false, false, null, "keep"),
                "kept", new ShapeOptions(true, false, null, "keep"), "tiled", new ShapeOptions(false, true, null, "keep")));
        for (Map.Entry<String, ShapeOptions> shape : shapes.entrySet()) {
            translate(options(shape.getKey(), Fit.STRETCH, shape.getValue(), null));
            File made = folder.resolve(shape.getKey()).resolve("x.png").toFile();
            int width = ImageIO.read(made).getWidth();
            assertThat(width).isEqualTo(shape.getKey().equals("square") ? SIZE : 90);
            assertThat(List.of(alpha(made, 2, 5), alpha(made, width / 2, 5), alpha(made, width - 2, 5))).containsExactly(0, 100, 255);
            assertThat(alpha(folder.resolve(shape.getKey()).resolve("opaque.png").toFile(), 0, 0)).isEqualTo(-1);
        }
        // the network sees what it sees without: transparency on white
        assertThat(colours(folder.resolve("square/x.png"))).isEqualTo(
                translated("dropped", Fit.STRETCH, ShapeOptions.DEFAULT, "x.png").pixels());
    }

    private static byte[] colours(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth()) >> 16 - 8 * (i % 3));
        }
        return rgb;
    }

    @Test
    void transparencyOnAColourIsAsIfTheImageHadBeenPaintedOnIt() throws Exception {
        addTransparent("x.png");
        byte[] onGreen = translated("green", Fit.STRETCH, new ShapeOptions(true, false, null, "#00ff00"), "x.png").pixels();
        BufferedImage drawn = ImageIO.read(input().resolve("x.png").toFile());
        BufferedImage painted = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 90 * 60; i++) {
            int alpha = drawn.getRGB(i % 90, i / 90) >>> 24;
            int[] on = {0, 255, 0};
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                rgb = rgb << 8 | Math.round((alpha * (0x4080c0 >> 16 - 8 * c & 0xff) + (255 - alpha) * on[c]) / 255f);
            }
            painted.setRGB(i % 90, i / 90, rgb);
        }
        ImageIO.write(painted, "png", input().resolve("x.png").toFile());
        byte[] expected = translated("painted", Fit.STRETCH, KEEP_SIZE, "x.png").pixels();
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.abs((expected[i] & 0xff) - (onGreen[i] & 0xff)) / (double) expected.length;
        }
        assertThat(difference).isLessThan(1);
        assertThat(alpha(folder.resolve("green/x.png").toFile(), 0, 0)).isEqualTo(-1);
    }

    @Test
    void someOfTheImagesAreALookAndTheRestFollowsWithoutThem() throws Exception {
        addImages(6);
        TranslateResult first = translate(options("out", Fit.STRETCH, null, new SelectionOptions(2, null, false)));
        assertThat(List.of(first.translated(), first.skipped())).containsExactly(2L, 0L);
        assertThat(outputs()).containsKeys("image-0.png", "image-1.png").doesNotContainKey("image-2.png");
        TranslateResult sample = translate(options("out", Fit.STRETCH, null, new SelectionOptions(3, 4L, false)));
        assertThat(sample.translated() + sample.skipped()).isEqualTo(3);
        assertThat(translate(options("out", Fit.STRETCH, null, new SelectionOptions(3, 4L, false))).skipped()).isEqualTo(3);
        TranslateResult rest = translate(options("out", Fit.STRETCH, null, null));
        assertThat(List.of(rest.translated(), rest.skipped())).containsExactly(4 - sample.translated(), 2 + sample.translated());
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("no longer there");
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndWritesNothing() throws Exception {
        addImages(5);
        Files.writeString(input().resolve(".hidden.png"), "hidden");
        translate(options("out", Fit.STRETCH, KEEP_SIZE, new SelectionOptions(1, null, false)));
        Map<String, byte[]> before = outputs();
        DryRunResult dry = new TranslateJob(spark, options("out", Fit.STRETCH, KEEP_SIZE, new SelectionOptions(4, null, true)),
                new PrintStream(printed, true, StandardCharsets.UTF_8)).dryRun();
        assertThat(List.of(dry.found(), dry.leftOut(), dry.wanted(), dry.done(), dry.todo())).containsExactly(5L, 1L, 4L, 1L, 3L);
        assertThat(dry.shape()).isEqualTo("own size");
        assertThat(dry.size()).isEqualTo(SIZE);
        assertThat(dry.atATime()).isEqualTo(2);
        assertThat(dry.tried()).isEqualTo(2);
        assertThat(dry.seconds()).isEqualTo(dry.imageSeconds() * 3 / 2).isGreaterThan(0);
        assertThat(outputs().keySet()).isEqualTo(before.keySet());
        DryRunResult fresh = new TranslateJob(spark, options("new", Fit.STRETCH, TILE, new SelectionOptions(null, null, true))).dryRun();
        assertThat(fresh.todo()).isEqualTo(5);
        assertThat(folder.resolve("new")).doesNotExist();
        assertThatThrownBy(() -> translate(options("new", Fit.STRETCH, TILE, new SelectionOptions(null, null, true))))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aDryRunKeepsTheFirstOfTheImagesThatItCouldNotTranslate(int batch) throws Exception {
        Files.createDirectories(input());
        Files.writeString(input().resolve("broken.png"), "no image");
        TranslateOptions options = new TranslateOptions(null, weights, Directions.A2B, InputOptions.of(input().toString()),
                OutputOptions.files(output().toString()), null, false, false, SIZE, null, null, null, new SelectionOptions(null, null, true),
                null, null, null, batch);
        DryRunResult none = new TranslateJob(spark, options).dryRun();
        assertThat(none.tried()).isZero();
        assertThat(none.seconds()).isNaN();
        assertThat(none.firstLeftOut()).contains(new LeftOut("broken.png", LeftOut.Kind.REJECTED,
                "not a JPEG, PNG, GIF, BMP, WebP or TIFF image"));
        Files.delete(input().resolve("broken.png"));
        addImages(1);
        assertThat(new TranslateJob(spark, options).dryRun().firstLeftOut()).isEmpty();
    }

    @Test
    void aPictureWithMorePixelsThanAllowedIsARejectInTilesToo() throws Exception {
        addImage("x.png", waves(100, 100));
        addImages(1);
        TranslateResult result = translate(new TranslateOptions(null, weights, Directions.A2B, InputOptions.of(input().toString()),
                OutputOptions.files(output().toString()), ImageEncoder.PNG, false, false, SIZE, Fit.STRETCH, 9999L, TILE, null, null, null, null, null));
        assertThat(result.translated()).isEqualTo(1);
        assertThat(Files.readString(output().resolve("rejected.jsonl"))).isEqualTo("{\"source\":\"x.png\",\"kind\":\"rejected\",\"reason\":"
                + "\"100 x 100 pixels are more than the 9999 that --max-pixels allows\"}\n");
    }
}
