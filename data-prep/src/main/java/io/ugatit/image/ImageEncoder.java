package io.ugatit.image;

import io.ugatit.image.metadata.KeptMetadata;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.NodeList;

/** The formats images are written in. Thread-safe; nothing is written to disk. */
public enum ImageEncoder {
    /** Lossless. */
    PNG("png") {
        @Override
        IIOMetadata prepare(ImageWriter writer, ImageWriteParam settings) {
            return null;
        }
    },
    /** Quality 95 without chroma subsampling: small, and no color bleeds over edges. */
    JPEG("jpg") {
        @Override
        IIOMetadata prepare(ImageWriter writer, ImageWriteParam settings) throws IIOInvalidTreeException {
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(0.95f);
            ImageTypeSpecifier rgb = ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_3BYTE_BGR);
            IIOMetadata metadata = writer.getDefaultImageMetadata(rgb, settings);
            String tree = metadata.getNativeMetadataFormatName();
            IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(tree);
            NodeList components = root.getElementsByTagName("componentSpec");
            for (int i = 0; i < components.getLength(); i++) {
                IIOMetadataNode component = (IIOMetadataNode) components.item(i);
                component.setAttribute("HsamplingFactor", "1");
                component.setAttribute("VsamplingFactor", "1");
            }
            metadata.setFromTree(tree, root);
            return metadata;
        }
    };

    private static final long FIXED_BYTES = 1 << 16;
    /** The writer's limit, a little below the format's. */
    private static final int LONGEST_OF_JPEG = 65_500;

    private final String extension;

    ImageEncoder(String extension) {
        this.extension = extension;
    }

    /** The ending of file names in this format, without the dot. */
    public String extension() {
        return extension;
    }

    /**
     * Encodes an image.
     *
     * @param image the image
     * @return the file's bytes
     */
    public byte[] encode(RgbImage image) {
        return encode(image, extension, this::prepare);
    }

    /**
     * A PNG with transparency.
     *
     * @param image the image, not multiplied by its opacity
     * @param opacity of its size, grays from transparent black to opaque white
     * @return the file's bytes
     */
    public static byte[] png(RgbImage image, RgbImage opacity) {
        BufferedImage result = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_4BYTE_ABGR);
        byte[] abgr = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        byte[] rgb = image.pixels();
        int o = 0;
        for (int i = 0; i < rgb.length; i += 3) {
            abgr[o] = opacity.pixels()[i];
            abgr[o + 1] = rgb[i + 2];
            abgr[o + 2] = rgb[i + 1];
            abgr[o + 3] = rgb[i];
            o += 4;
        }
        return encode(result, PNG.extension, PNG::prepare);
    }

    /**
     * The most bytes that encoding takes, its result among them: the pixels in the order that writers want, and a file no shorter than they
     * are, which grows by doubling and is copied.
     *
     * @param width columns of the image
     * @param height rows of the image
     * @throws ImageFormatException if the file may be longer than an array, or a side longer than the format can say
     */
    public long bytes(int width, int height) throws ImageFormatException {
        if (this == JPEG && Math.max(width, height) > LONGEST_OF_JPEG) {
            throw new ImageFormatException(width + " x " + height + " pixels are more than a JPEG can have, " + LONGEST_OF_JPEG
                    + " a side: PNG can");
        }
        long pixels = 4L * width * height;
        if (pixels + pixels / 50 > Integer.MAX_VALUE) {
            throw new ImageFormatException(width + " x " + height + " pixels are more than can be encoded again");
        }
        return 4 * pixels + FIXED_BYTES;
    }

    /**
     * A JPEG for looking at, not for working on: of quality 85 with chroma subsampling, half as long as {@link #JPEG}.
     *
     * @param image the image
     * @return the file's bytes
     */
    public static byte[] thumbnail(RgbImage image) {
        return encode(image, JPEG.extension, (writer, settings) -> {
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(0.85f);
            return null;
        });
    }

    /**
     * Puts metadata into a file of this format.
     *
     * @param metadata of the file that the picture was made of
     * @param file as {@link #encode} or {@link #png} gave it
     * @param width columns of the picture
     * @param height rows of the picture
     * @return the same file if there is nothing to be put into it
     */
    public byte[] with(KeptMetadata metadata, byte[] file, int width, int height) {
        return switch (this) {
            case PNG -> metadata.intoPng(file, width, height);
            case JPEG -> metadata.intoJpeg(file, width, height);
        };
    }

    private static byte[] encode(RgbImage image, String extension, Preparation preparation) {
        return encode(buffered(image), extension, preparation);
    }

    private static byte[] encode(BufferedImage image, String extension, Preparation preparation) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(extension).next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            IIOMetadata metadata = preparation.prepare(writer, settings);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    /** Sets the parameters and returns the metadata to write, or null for the writer's own. */
    @FunctionalInterface
    private interface Preparation {
        IIOMetadata prepare(ImageWriter writer, ImageWriteParam settings) throws IIOInvalidTreeException;
    }

    /** Sets the parameters and returns the metadata to write, or null for the writer's own. */
    abstract IIOMetadata prepare(ImageWriter writer, ImageWriteParam settings) throws IIOInvalidTreeException;

    private static BufferedImage buffered(RgbImage image) {
        BufferedImage result = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        byte[] rgb = image.pixels();
        for (int i = 0; i < rgb.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        return result;
    }
}
