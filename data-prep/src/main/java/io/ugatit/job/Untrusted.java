package io.ugatit.job;

/** Text that comes from a file, made fit for a message. */
public final class Untrusted {
    private static final int LONGEST = 200;

    private Untrusted() { }

    /** The text in quotes, as one line of at most 200 characters and three dots, whatever it holds. */
    public static String quoted(String text) {
        return '"' + oneLine(text) + '"';
    }

    /** The text as one line of at most 200 characters and three dots: question marks stand for control characters. */
    public static String oneLine(String text) {
        boolean cut = text.length() > LONGEST;
        String flat = printable(cut ? text.substring(0, LONGEST) : text);
        return cut ? flat + "..." : flat;
    }

    /** All of the text, as one line: question marks stand for what ends lines, and for what terminals obey. */
    public static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", "?");
    }
}
