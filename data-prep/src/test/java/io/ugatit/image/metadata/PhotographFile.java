package io.ugatit.image.metadata;

import io.ugatit.image.ImageEncoder;
import io.ugatit.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Image files with metadata as cameras and editors write them. */
public final class PhotographFile {
    /** Bytes that only a thumbnail has. */
    public static final String THUMBNAIL = "THUMBNAIL OF THE SOURCE";
    /** Bytes that only a maker's note has. */
    public static final String MAKER_NOTE = "MAKER NOTE WITH A PREVIEW";

    private PhotographFile() { }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A tag; values in the block's order of bytes. */
    private record Tag(int number, int type, int count, byte[] values) { }

    private static Tag text(int number, String text) {
        return new Tag(number, 2, text.length() + 1, (text + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    private static Tag number(ByteOrder order, int number, int type, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(type == 3 ? 2 : 4).order(order);
        return new Tag(number, type, 1, (type == 3 ? bytes.putShort((short) value) : bytes.putInt(value)).array());
    }

    /** A directory at a place, with what follows it. */
    private static byte[] directory(ByteOrder order, int at, List<Tag> tags, int next) {
        ByteBuffer head = ByteBuffer.allocate(6 + 12 * tags.size()).order(order).putShort((short) tags.size());
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        for (Tag tag : tags) {
            head.putShort((short) tag.number()).putShort((short) tag.type()).putInt(tag.count());
            if (tag.values().length <= 4) {
                head.put(tag.values()).put(new byte[4 - tag.values().length]);
            } else {
                head.putInt(at + head.capacity() + values.size());
                values.writeBytes(tag.values());
            }
        }
        head.putInt(next);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.array());
        all.writeBytes(values.toByteArray());
        return all.toByteArray();
    }

    /** EXIF of a turned photograph: text, camera, times, the maker's note, a place, a thumbnail in a second directory. */
    public static byte[] exif(ByteOrder order) {
        int first = 8;
        int photo = 1000;
        int gps = 2000;
        int second = 3000;
        ByteBuffer block = ByteBuffer.allocate(4000).order(order);
        block.put(ascii(order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM")).putShort((short) 42).putInt(first);
        block.put(first, directory(order, first, List.of(text(270, "a cat on a wall"), text(271, "Maker"), number(order, 274, 3, 6),
                number(order, 296, 3, 2), text(33432, "Me"), number(order, 34665, 4, photo), number(order, 34853, 4, gps)), second));
        block.put(photo, directory(order, photo, List.of(text(36867, "2024:05:06 07:08:09"),
                new Tag(37500, 7, MAKER_NOTE.length(), ascii(MAKER_NOTE)), number(order, 40961, 3, 65535), number(order, 40962, 4, 4000),
                number(order, 40963, 4, 3000), text(42036, "A lens of 50 mm")), 0));
        block.put(gps, directory(order, gps, List.of(text(1, "N"),
                new Tag(2, 5, 3, ByteBuffer.allocate(24).order(order).putInt(48).putInt(1).putInt(8).putInt(1).putInt(0).putInt(1).array())), 0));
        block.put(second, directory(order, second, List.of(number(order, 513, 4, 3500), number(order, 514, 4, THUMBNAIL.length())), 0));
        block.put(3500, ascii(THUMBNAIL));
        return block.array();
    }

    /** A packet of XMP with an orientation and a thumbnail. */
    public static String xmp() {
        return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description tiff:Orientation=\"6\" dc:creator=\"Zoë\""
                + " xmpNote:HasExtendedXMP=\"0123456789ABCDEF\"><xmp:Thumbnails><rdf:Alt>" + THUMBNAIL
                + "</rdf:Alt></xmp:Thumbnails></rdf:Description></rdf:RDF></x:xmpmeta>";
    }

    private static byte[] dataSet(int record, int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 + bytes.length).put((byte) 0x1c).put((byte) record).put((byte) number).putShort((short) bytes.length)
                .put(bytes).array();
    }

    private static byte[] resource(int number, String name, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("8BIM"));
        out.writeBytes(new byte[] {(byte) (number >> 8), (byte) number, (byte) name.length()});
        out.writeBytes(ascii(name));
        out.writeBytes(new byte[1 - name.length() % 2]);
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(content);
        out.writeBytes(new byte[content.length % 2]);
        return out.toByteArray();
    }

    /** Photoshop's resources: a thumbnail, and IPTC with a headline, a preview and what is of another record. */
    public static byte[] photoshop() {
        ByteArrayOutputStream iptc = new ByteArrayOutputStream();
        iptc.writeBytes(dataSet(1, 90, "\u001b%G"));
        iptc.writeBytes(dataSet(2, 105, "Cat läuft"));
        iptc.writeBytes(dataSet(2, 202, THUMBNAIL));
        iptc.writeBytes(dataSet(8, 10, THUMBNAIL));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(resource(0x040c, "", ascii(THUMBNAIL)));
        all.writeBytes(resource(0x0404, "odd", iptc.toByteArray()));
        return all.toByteArray();
    }

    private static byte[] segment(int marker, byte[] name, byte[] content) {
        return ByteBuffer.allocate(4 + name.length + content.length).put((byte) 0xff).put((byte) marker)
                .putShort((short) (2 + name.length + content.length)).put(name).put(content).array();
    }

    /** A JPEG with segments behind its first marker. */
    public static byte[] jpeg(RgbImage image, byte[]... segments) {
        return inserted(ImageEncoder.JPEG.encode(image), 2, segments);
    }

    /** A JPEG with all of the above, a colour profile and comments in two encodings. */
    public static byte[] jpeg(RgbImage image, ByteOrder order) {
        return jpeg(image, segment(0xe1, ascii("Exif\0\0"), exif(order)),
                segment(0xe1, ascii("http://ns.adobe.com/xap/1.0/\0"), xmp().getBytes(StandardCharsets.UTF_8)),
                segment(0xed, ascii("Photoshop 3.0\0"), photoshop()),
                segment(0xe2, ascii("ICC_PROFILE\0\1\1"), new byte[200]),
                segment(0xfe, new byte[0], "größer".getBytes(StandardCharsets.UTF_8)),
                segment(0xfe, new byte[0], "größer".getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** A segment APP1 with EXIF. */
    public static byte[] exifSegment(byte[] exif) {
        return segment(0xe1, ascii("Exif\0\0"), exif);
    }

    /** A chunk of a PNG. */
    public static byte[] chunk(String name, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length).put(ascii(name)).put(content);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + content.length);
        return chunk.putInt((int) crc.getValue()).array();
    }

    /** A PNG with chunks behind its header. */
    public static byte[] png(RgbImage image, byte[]... chunks) {
        return inserted(ImageEncoder.PNG.encode(image), 33, chunks);
    }

    private static byte[] inserted(byte[] file, int at, byte[][] pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(file, 0, at);
        new ArrayList<>(List.of(pieces)).forEach(all::writeBytes);
        all.write(file, at, file.length - at);
        return all.toByteArray();
    }
}
