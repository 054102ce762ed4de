package io.ugatit.image.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** A packet of XMP for an upright picture that was made of another: without thumbnails of that, and without the name of a second part. */
final class UprightXmp {
    private static final Pattern ORIENTATION = Pattern.compile("(?<before>tiff:Orientation(?:=[\"']|>))[0-9]");
    private static final Pattern SECOND_PART = Pattern.compile("xmpNote:HasExtendedXMP=(?:\"[0-9A-Fa-f]*\"|'[0-9A-Fa-f]*')");
    /** An element's name as it was, and as it was before. */
    private static final String[] THUMBNAILS = {"xmp:Thumbnails", "xap:Thumbnails"};

    private UprightXmp() { }

    /**
     * Takes out what is no longer true.
     *
     * @param packet as it is stored
     * @return as long or shorter; nothing if it is not in UTF-8 or its elements do not end
     */
    static Optional<byte[]> of(byte[] packet) {
        String text = new String(packet, StandardCharsets.ISO_8859_1); // a byte a character: what is not ASCII stays as it is
        if (text.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        for (String name : THUMBNAILS) {
            text = without(text, name);
            if (text == null) {
                return Optional.empty();
            }
        }
        text = ORIENTATION.matcher(text).replaceAll("${before}1");
        return Optional.of(SECOND_PART.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Null if an element does not end. */
    private static String without(String text, String element) {
        StringBuilder kept = new StringBuilder(text.length());
        String last = "</" + element + ">";
        int from = 0;
        for (int at = text.indexOf("<" + element); at >= 0; at = text.indexOf("<" + element, from)) {
            int end = text.indexOf(last, at);
            if (end < 0) {
                return null;
            }
            kept.append(text, from, at);
            from = end + last.length();
        }
        return kept.append(text, from, text.length()).toString();
    }
}
