package io.ugatit.image.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** IPTC's information for newspapers: data sets of a record, a number and a text, among the resources that Photoshop keeps in files. */
final class Iptc {
    private static final String RESOURCE = "8BIM";
    private static final int NUMBER = 0x0404;
    private static final int DATA_SET = 0x1c;
    private static final int ENVELOPE = 1;
    private static final int APPLICATION = 2;
    /** Of the application record: a small picture, its format and version. */
    private static final int PREVIEW_FORMAT = 200;
    private static final int PREVIEW = 202;

    private Iptc() { }

    /**
     * Finds the data sets among Photoshop's resources, where thumbnails and colour profiles are too.
     *
     * @return empty if there are none
     */
    static byte[] in(byte[] photoshop) {
        ByteBuffer bytes = ByteBuffer.wrap(photoshop);
        int at = 0;
        while (at + 12 <= photoshop.length && Blocks.isAt(photoshop, at, RESOURCE)) {
            int number = bytes.getShort(at + 4) & 0xffff;
            int name = photoshop[at + 6] & 0xff;
            int start = at + 7 + name + (name & 1 ^ 1) + 4; // the name with its length is even
            if (start > photoshop.length) {
                break;
            }
            long length = bytes.getInt(start - 4) & 0xffffffffL;
            if (length > photoshop.length - start) {
                break;
            }
            if (number == NUMBER) {
                return Arrays.copyOfRange(photoshop, start, start + (int) length);
            }
            at = start + (int) length + (int) (length & 1);
        }
        return new byte[0];
    }

    /**
     * The data sets of a picture that was made of another: those of the envelope and of the application, but for a preview.
     *
     * @param sets as they are stored, with padding perhaps
     * @return nothing if they do not end
     */
    static Optional<byte[]> withoutPreview(byte[] sets) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        int at = 0;
        while (at + 5 <= sets.length && sets[at] == DATA_SET) {
            int record = sets[at + 1] & 0xff;
            int number = sets[at + 2] & 0xff;
            int length = 5 + ((sets[at + 3] & 0xff) << 8 | sets[at + 4] & 0xff); // above 32767 it would be the length of a length
            if (length > 5 + Short.MAX_VALUE || length > sets.length - at) {
                return Optional.empty();
            }
            boolean preview = record == APPLICATION && number >= PREVIEW_FORMAT && number <= PREVIEW;
            if ((record == ENVELOPE || record == APPLICATION) && !preview) {
                kept.write(sets, at, length);
            }
            at += length;
        }
        return Optional.of(kept.toByteArray());
    }

    /** One of Photoshop's resources with the data sets. */
    static byte[] resource(byte[] sets) {
        ByteBuffer bytes = ByteBuffer.allocate(12 + sets.length + (sets.length & 1));
        bytes.put(new byte[] {'8', 'B', 'I', 'M'}).putShort((short) NUMBER).putShort((short) 0).putInt(sets.length).put(sets);
        return bytes.array();
    }
}
