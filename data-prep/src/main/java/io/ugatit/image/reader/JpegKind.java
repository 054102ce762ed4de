package io.ugatit.image.reader;

import io.ugatit.image.metadata.Blocks;
import io.ugatit.image.metadata.Blocks.Block;
import java.util.List;

/**
 * How a JPEG is stored, as its segments before the first scan say.
 *
 * @param components samples a pixel; 0 if there is no frame that ImageIO reads
 * @param severalScans whether all coefficients are held until the last scan is read
 * @param wideTables whether a quantisation table has 16 bits
 * @param differences whether the first three components are light and two differences of colour; told as libjpeg does
 */
record JpegKind(int components, boolean severalScans, boolean wideTables, boolean differences) {
    private static final List<String> PROGRESSIVE_FRAMES = List.of("c2", "c6");

    /**
     * Reads the segments.
     *
     * @param file the whole file
     * @throws RefusedImageException if nobody reads this kind, or the file is cut off
     */
    static JpegKind of(byte[] file) throws RefusedImageException {
        boolean progressive = false;
        boolean wideTables = false;
        boolean jfif = false;
        int transform = -1;
        int frame = 0;
        int header = 2;
        for (Block block : Blocks.ofJpeg(file)) {
            int at = block.at();
            header = at + block.length();
            if (isArithmetic(block)) {
                throw new RefusedImageException("JPEG images with arithmetic codes cannot be decoded: convert them to PNG");
            }
            if (block.name().matches("c[0-256]") && block.length() > 5) { // a frame that ImageIO reads
                frame = at;
            }
            if (block.name().matches("c[0-2]") && block.length() > 0 && file[at] == 12) {
                throw new RefusedImageException("JPEG images of 12 bits a sample cannot be decoded: convert them to PNG"); // nor by Pillow
            }
            progressive |= PROGRESSIVE_FRAMES.contains(block.name());
            wideTables |= hasWideTable(file, block);
            jfif |= block.name().equals("e0") && block.length() >= 14 && Blocks.isAt(file, at, "JFIF\0");
            transform = isAdobe(file, block) ? file[at + 11] & 0xff : transform;
        }
        int components = frame > 0 ? file[frame + 5] & 0xff : 0;
        while (header < file.length - 1 && file[header] == (byte) 0xff && file[header + 1] == (byte) 0xff) {
            header++; // a fill byte
        }
        boolean severalScans = progressive || header + 4 < file.length && file[header + 4] < components;
        if (severalScans && !hasEnd(file, header)) {
            throw new RefusedImageException("cut-off JPEG: the file ends before the image does"); // libjpeg makes up an end
        }
        boolean differences = switch (components) {
            case 3 -> jfif || (transform >= 0 ? transform > 0 : !isNamedRgb(file, frame));
            case 4 -> transform > 0;
            default -> false;
        };
        return new JpegKind(components, severalScans, wideTables, differences);
    }

    /** Whether a segment is a frame of arithmetic codes: it depends on how a JDK was built whether it reads them. */
    static boolean isArithmetic(Block block) {
        return block.name().equals("c9") || block.name().equals("ca");
    }

    /** Whether a segment says how Adobe's programs have transformed the colours. */
    static boolean isAdobe(byte[] file, Block block) {
        return block.name().equals("ee") && block.length() >= 12 && Blocks.isAt(file, block.at(), "Adobe");
    }

    /** Whether a segment has a quantisation table of 16 bits. */
    static boolean hasWideTable(byte[] file, Block tables) {
        if (!tables.name().equals("db")) {
            return false;
        }
        int end = tables.at() + tables.length();
        for (int at = tables.at(); at < end; at += 65) { // of the first that is wide it is known
            if ((file[at] & 0xf0) != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamedRgb(byte[] file, int frame) {
        return frame + 12 < file.length && file[frame + 6] == 'R' && file[frame + 9] == 'G' && file[frame + 12] == 'B';
    }

    /** Whether there is an end marker behind a JPEG's header. In a scan's data its two bytes can be nothing else. */
    private static boolean hasEnd(byte[] file, int header) {
        int at = header;
        while (at + 1 < file.length && !(file[at] == (byte) 0xff && file[at + 1] == (byte) 0xd9)) {
            at++;
        }
        return at + 1 < file.length;
    }
}
