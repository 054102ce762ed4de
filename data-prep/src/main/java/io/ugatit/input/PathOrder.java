package io.ugatit.input;

import java.util.Comparator;

/** The order of relative paths. */
public final class PathOrder {
    /** By code point, the order of UTF-8 bytes and of other languages, which {@link String#compareTo} is not beyond 16 bits. */
    public static final Comparator<String> BY_CODE_POINT = PathOrder::compareCodePoints;

    private PathOrder() {}

    private static int compareCodePoints(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int x = a.codePointAt(i);
            int y = b.codePointAt(i);
            if (x != y) {
                return Integer.compare(x, y);
            }
            i += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }
}
