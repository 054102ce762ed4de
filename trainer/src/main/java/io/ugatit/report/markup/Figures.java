package io.ugatit.report.markup;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them; the same on every machine. */
public final class Figures {
    private Figures() {}

    /** Three significant digits: {@code 0.0123}, {@code 12.3}, {@code 1e-5}, {@code 12.3k}, {@code 4M}. */
    public static String compact(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        } else if (size == 0) {
            return "0";
        } else if (size < 9.995e-4 || size >= 9.995e11) {
            return String.format(Locale.ROOT, "%.2e", value).replaceFirst("\\.?0*e([-+])0?", "e$1").replace("e+", "e");
        } else if (size >= 999_500) {
            return size >= 999_500_000 ? plain(value / 1e9) + "G" : plain(value / 1e6) + "M";
        }
        return size >= 999.5 ? plain(value / 1e3) + "k" : plain(value);
    }

    /** A count with separators: {@code 12,345}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A time: {@code 0.84 s}, {@code 12 min 5 s}, {@code 3 h 20 min}. */
    public static String duration(double seconds) {
        if (!(seconds >= 59.5)) {
            return compact(seconds) + " s";
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return whole / 60 + " min" + (whole % 60 == 0 ? "" : " " + whole % 60 + " s");
        }
        long minutes = Math.round(seconds / 60);
        return count(minutes / 60) + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }

    private static String plain(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
        return rounded.stripTrailingZeros().toPlainString();
    }
}
