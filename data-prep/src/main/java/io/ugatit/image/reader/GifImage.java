package io.ugatit.image.reader;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * A GIF's first frame on its screen. As in Pillow, around the frame there is what is transparent, else the palette's first colour, and a
 * frame that reaches over the screen's edges widens it.
 */
public final class GifImage extends EncodedImage {
    private static final int IMAGE = ',';
    private static final int EXTENSION = '!';
    private static final int TRAILER = ';';
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final byte WHITE = (byte) 0xff;

    private final byte[] file;
    private final int width;
    private final int height;
    private final int left;
    private final int top;
    private final int frameWidth;
    private final int frameHeight;
    private final boolean interlaced;
    /** Where the frame's data is. */
    private final int data;
    /** Of 256 colours red, green and blue. */
    private final byte[] palette;
    /** The number of the transparent colour; -1 for none. */
    private final int transparent;

    /**
     * Reads the header.
     *
     * @param file the whole file, left as it is
     * @throws IOException if it is damaged or cut off
     */
    public GifImage(byte[] file) throws IOException {
        this.file = file;
        try {
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(6);
            int screenWidth = bytes.getShort() & 0xffff;
            int screenHeight = bytes.getShort() & 0xffff;
            int flags = bytes.get();
            bytes.getShort(); // the background's colour, which nobody heeds, and the pixels' shape
            byte[] colours = palette(bytes, flags, grays());
            transparent = transparentBeforeImage(bytes);
            left = bytes.getShort() & 0xffff;
            top = bytes.getShort() & 0xffff;
            frameWidth = bytes.getShort() & 0xffff;
            frameHeight = bytes.getShort() & 0xffff;
            int frameFlags = bytes.get();
            palette = palette(bytes, frameFlags, colours);
            interlaced = (frameFlags & 0x40) != 0;
            data = bytes.position();
            width = Math.max(screenWidth, left + frameWidth);
            height = Math.max(screenHeight, top + frameHeight);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new EOFException();
        }
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /** Whether its colours are the grays from black on, so that their numbers are lightness. */
    public boolean isGray() {
        return Arrays.equals(palette, grays());
    }

    @Override
    public long decodingBytes() {
        return (1L + 3) * width * height + LzwDecoder.BYTES; // the colours' numbers and the pixels
    }

    @Override
    public byte[] decode() throws IOException {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            colour(transparent < 0 ? 0 : transparent, rgb, i);
        }
        byte[] frame = frame();
        for (int y = 0; y < frameHeight; y++) {
            int row = storedRow(y) * frameWidth;
            for (int x = 0; x < frameWidth; x++) {
                colour(frame[row + x] & 0xff, rgb, 3 * ((top + y) * width + left + x));
            }
        }
        return rgb;
    }

    @Override
    public Optional<byte[]> opacity() throws IOException {
        if (transparent < 0) {
            return Optional.empty();
        }
        byte[] opacity = new byte[3 * width * height];
        byte[] frame = frame();
        for (int y = 0; y < frameHeight; y++) {
            int row = storedRow(y) * frameWidth;
            for (int x = 0; x < frameWidth; x++) {
                int o = 3 * ((top + y) * width + left + x);
                Arrays.fill(opacity, o, o + 3, (frame[row + x] & 0xff) == transparent ? 0 : WHITE);
            }
        }
        return Optional.of(opacity);
    }

    /** The colours' numbers, in the order of their rows. */
    private byte[] frame() throws IOException {
        if (frameWidth == 0 || frameHeight == 0) {
            throw new RefusedImageException("damaged GIF: its first frame has no pixels");
        }
        return LzwDecoder.decode(file, data, frameWidth * frameHeight);
    }

    /** Where a row is stored: if interlaced, every eighth comes first, then those half-way, those half-way between all these, the rest. */
    private int storedRow(int y) {
        if (!interlaced) {
            return y;
        }
        if (y % 8 == 0) {
            return y / 8;
        }
        if (y % 8 == 4) {
            return (frameHeight + 7) / 8 + y / 8;
        }
        return y % 2 == 0 ? (frameHeight + 3) / 4 + y / 4 : (frameHeight + 1) / 2 + y / 2;
    }

    private void colour(int number, byte[] rgb, int at) {
        if (number == transparent) {
            rgb[at] = WHITE;
            rgb[at + 1] = WHITE;
            rgb[at + 2] = WHITE;
        } else {
            System.arraycopy(palette, 3 * number, rgb, at, 3);
        }
    }

    /** Reads the extensions up to the first image's description, and gives the number of its transparent colour. */
    private static int transparentBeforeImage(ByteBuffer bytes) throws RefusedImageException {
        int number = -1;
        int block = bytes.get();
        while (block != IMAGE) {
            if (block == TRAILER) {
                throw new RefusedImageException("there is no image in the GIF");
            }
            // what is neither is skipped, as in Pillow
            if (block == EXTENSION) {
                boolean control = (bytes.get() & 0xff) == GRAPHIC_CONTROL;
                for (int length = bytes.get() & 0xff; length > 0; length = bytes.get() & 0xff) {
                    int start = bytes.position();
                    if (control && length >= 4 && (bytes.get(start) & 1) == 1) {
                        number = bytes.get(start + 3) & 0xff;
                    }
                    control = false;
                    bytes.position(start + length);
                }
            }
            block = bytes.get();
        }
        return number;
    }

    /** Reads the palette that the flags announce, or takes the other. If it begins as the grays it goes on as them, as in Pillow. */
    private static byte[] palette(ByteBuffer bytes, int flags, byte[] other) {
        if ((flags & 0x80) == 0) {
            return other;
        }
        byte[] colours = new byte[3 * 256];
        int length = 3 << (flags & 7) + 1;
        bytes.get(colours, 0, length);
        byte[] grays = grays();
        return Arrays.equals(colours, 0, length, grays, 0, length) ? grays : colours;
    }

    private static byte[] grays() {
        byte[] grays = new byte[3 * 256];
        for (int i = 0; i < 256; i++) {
            Arrays.fill(grays, 3 * i, 3 * i + 3, (byte) i);
        }
        return grays;
    }
}
