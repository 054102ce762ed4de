package io.ugatit.image.metadata;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What EXIF says of how a picture was taken, for an upright picture in sRGB that was made of it: the text and the times, the camera's settings
 * and the place. Without what shows the first picture or tells how it was stored: thumbnail, the maker's own note, in which there may be
 * another, resolutions. It is written anew, in the order of bytes that it had.
 */
final class UprightExif {
    private static final int ORIENTATION = 274;
    private static final int PHOTO = 34665;
    private static final int GPS = 34853;
    private static final int MAKER_NOTE = 37500;
    private static final int COLOUR_SPACE = 40961;
    private static final int WIDTH = 40962;
    private static final int HEIGHT = 40963;
    private static final int INTEROPERABILITY = 40965;
    private static final int S_RGB = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    /** The last type that EXIF has; those above are of BigTIFF. */
    private static final int IFD = 13;
    private static final int HEADER = 8;

    /** Names, description, make, model, page, software, time, artist, host, ratings, copyright, and Windows' texts. */
    private static final Set<Integer> OF_THE_PICTURE = Set.of(269, 270, 271, 272, 285, 305, 306, 315, 316, 18246, 18249, 33432, 40091, 40092,
            40093, 40094, 40095);
    /** What is made anew or is no longer true. */
    private static final Set<Integer> NOT_OF_THE_PHOTO = Set.of(MAKER_NOTE, COLOUR_SPACE, WIDTH, HEIGHT, INTEROPERABILITY);

    private final ByteOrder order;
    private final boolean oriented;
    private final List<Field> picture = new ArrayList<>();
    private final List<Field> photo = new ArrayList<>();
    private final List<Field> gps = new ArrayList<>();
    private int left;

    /** A tag with its values, in the order of bytes of the whole. */
    private record Field(int tag, int type, int count, byte[] values) { }

    private UprightExif(TiffDirectory tags, int most) {
        order = tags.order();
        oriented = tags.has(ORIENTATION);
        left = most - HEADER;
        tags.tags().stream().filter(OF_THE_PICTURE::contains).forEach(tag -> copy(tags, tag, picture));
        tags.directory(PHOTO).ifPresent(directory -> directory.tags().stream().filter(tag -> !NOT_OF_THE_PHOTO.contains(tag))
                .forEach(tag -> copy(directory, tag, photo)));
        tags.directory(GPS).ifPresent(directory -> directory.tags().forEach(tag -> copy(directory, tag, gps)));
    }

    /**
     * Copies what is to be kept.
     *
     * @param tags the first directory
     * @param most bytes that it may have
     * @return empty if it has more
     */
    static Optional<UprightExif> of(TiffDirectory tags, int most) {
        UprightExif exif = new UprightExif(tags, most);
        return exif.left < 0 ? Optional.empty() : Optional.of(exif);
    }

    /** Counts before it copies: many tags may claim the same bytes. */
    private void copy(TiffDirectory tags, int tag, List<Field> to) {
        if (tags.type(tag) > IFD) {
            return;
        }
        ByteBuffer bytes = tags.bytes(tag);
        left -= Math.min(Integer.MAX_VALUE / 2, bytes.remaining()) + 16;
        if (left >= 0) {
            byte[] values = new byte[bytes.remaining()];
            bytes.get(values);
            to.add(new Field(tag, tags.type(tag), tags.count(tag), values));
        } else {
            left = -1;
        }
    }

    /** Whether it says nothing. */
    boolean isEmpty() {
        return picture.isEmpty() && photo.isEmpty() && gps.isEmpty();
    }

    /**
     * The block, from its order of bytes on.
     *
     * @param width columns of the picture that it will be of
     * @param height rows of the same
     */
    byte[] bytes(int width, int height) {
        List<Field> photoNow = new ArrayList<>(photo);
        if (!photo.isEmpty()) {
            photoNow.add(number(COLOUR_SPACE, SHORT, S_RGB));
            photoNow.add(number(WIDTH, LONG, width));
            photoNow.add(number(HEIGHT, LONG, height));
        }
        int pointers = (photoNow.isEmpty() ? 0 : 1) + (gps.isEmpty() ? 0 : 1);
        List<Field> first = new ArrayList<>(picture);
        if (oriented) {
            first.add(number(ORIENTATION, SHORT, Orientation.UPRIGHT.ordinal() + 1));
        }
        int photoAt = HEADER + length(first) + 12 * pointers;
        int gpsAt = photoAt + length(photoNow);
        if (!photoNow.isEmpty()) {
            first.add(number(PHOTO, LONG, photoAt));
        }
        if (!gps.isEmpty()) {
            first.add(number(GPS, LONG, gpsAt));
        }
        ByteBuffer out = ByteBuffer.allocate(gpsAt + length(gps)).order(order);
        out.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M')).put(out.get(0)).putShort((short) 42).putInt(HEADER);
        write(first, out);
        write(photoNow, out);
        write(gps, out);
        return out.array();
    }

    private Field number(int tag, int type, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(type == SHORT ? 2 : 4).order(order);
        return new Field(tag, type, 1, (type == SHORT ? bytes.putShort((short) value) : bytes.putInt(value)).array());
    }

    /** The bytes of a directory with its values; of one without tags none. */
    private static int length(List<Field> fields) {
        return fields.isEmpty() ? 0 : 6 + fields.stream().mapToInt(field -> 12 + outside(field)).sum();
    }

    /** The bytes of values that do not fit into their tag, to an even number. */
    private static int outside(Field field) {
        return field.values().length <= 4 ? 0 : field.values().length + (field.values().length & 1);
    }

    private static void write(List<Field> fields, ByteBuffer out) {
        if (fields.isEmpty()) {
            return;
        }
        fields.sort(Comparator.comparing(Field::tag)); // as readers may expect
        int values = out.position() + 6 + 12 * fields.size();
        out.putShort((short) fields.size());
        for (Field field : fields) {
            out.putShort((short) field.tag()).putShort((short) field.type()).putInt(field.count());
            if (field.values().length <= 4) {
                out.put(field.values()).put(new byte[4 - field.values().length]);
            } else {
                out.putInt(values).put(values, field.values());
                values += outside(field);
            }
        }
        out.putInt(0).position(values); // no other directory: there thumbnails are
    }
}
