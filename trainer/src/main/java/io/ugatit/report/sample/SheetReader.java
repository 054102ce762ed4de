package io.ugatit.report.sample;

import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.RunFiles;
import io.ugatit.image.RgbImage;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.translate.Direction;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.hadoop.fs.Path;

/** Opens a sample sheet that {@link SampleWriter} wrote and cuts its tiles out. */
final class SheetReader {
    private static final int MOST_BYTES = 128 << 20;
    private static final long MOST_PIXELS = 64L << 20;

    private final BufferedImage sheet;
    private final SheetLayout layout;

    /** @throws InvalidRequestException if the sheet is missing, too large, no PNG or of another size than its index says */
    SheetReader(RunDirectory run, SampleIndex index, Direction direction) throws IOException {
        this.layout = index.layout(direction);
        Path path = SampleIndex.sheetFile(run, index.step(), direction);
        this.sheet = decode(RunFiles.read(run.configuration(), path, MOST_BYTES), path);
    }

    /** One tile, as drawn. */
    RgbImage tile(int row, int column) {
        int[] argb = sheet.getRGB(
                layout.x(column), layout.y(row), layout.tileWidth(), layout.tileHeight(), null, 0, layout.tileWidth());
        byte[] rgb = new byte[3 * argb.length];
        for (int i = 0; i < argb.length; i++) {
            rgb[3 * i] = (byte) (argb[i] >> 16);
            rgb[3 * i + 1] = (byte) (argb[i] >> 8);
            rgb[3 * i + 2] = (byte) argb[i];
        }
        return new RgbImage(layout.tileWidth(), layout.tileHeight(), rgb);
    }

    private BufferedImage decode(byte[] png, Path path) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
        if (!readers.hasNext()) {
            throw new IOException("this Java has no PNG reader for " + path);
        }
        ImageReader reader = readers.next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            // from the header, before memory is taken for the pixels
            if (width != layout.width() || height != layout.height() || (long) width * height > MOST_PIXELS) {
                throw new InvalidRequestException(path + " has " + width + " x " + height + " pixels; its index says "
                        + layout.width() + " x " + layout.height() + ", and at most " + MOST_PIXELS + " pixels are read");
            }
            return reader.read(0);
        } catch (InvalidRequestException e) {
            throw e;
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new InvalidRequestException(path + " is not a readable PNG: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }
}
