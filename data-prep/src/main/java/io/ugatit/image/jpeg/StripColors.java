package io.ugatit.image.jpeg;

import io.ugatit.image.strip.Strips;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Gives strips of components as red, green and blue: libjpeg's conversion with 16 fractional bits (jdcolor.c), and Pillow's of inks. */
final class StripColors {
    private static final VectorSpecies<Integer> EIGHT = IntVector.SPECIES_256;
    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);
    private static final int CR_TO_RED = 91881;
    private static final int CB_TO_BLUE = 116130;
    private static final int CR_TO_GREEN = 46802;
    private static final int CB_TO_GREEN = 22554;

    private final int columns;
    private final Strips strips;
    private final int[] red;
    private final int[] green;
    private final int[] blue;

    StripColors(int columns, Strips strips) {
        this.columns = columns;
        this.strips = strips;
        red = new int[Strips.ROWS * columns];
        green = new int[Strips.ROWS * columns];
        blue = new int[Strips.ROWS * columns];
    }

    /** Three components, of {@link Plane}'s layout, that are red, green and blue. */
    void rgb(int[] r, int[] g, int[] b, int rows) {
        copy(r, red);
        copy(g, green);
        copy(b, blue);
        strips.take(red, green, blue, rows);
    }

    /** One component. */
    void gray(int[] light, int rows) {
        copy(light, red);
        strips.take(red, red, red, rows);
    }

    /** Light and two differences of colour. */
    void ycc(int[] light, int[] cb, int[] cr, int rows) {
        convert(light, cb, cr);
        strips.take(red, green, blue, rows);
    }

    /** What each ink and black let through, as Adobe stores inks. */
    void cmyk(int[] cyan, int[] magenta, int[] yellow, int[] black, int rows) {
        inks(cyan, red);
        inks(magenta, green);
        inks(yellow, blue);
        print(black);
        strips.take(red, green, blue, rows);
    }

    /** Inks as light and two differences of colour, and what black lets through. */
    void ycck(int[] light, int[] cb, int[] cr, int[] black, int rows) {
        convert(light, cb, cr);
        print(black);
        strips.take(red, green, blue, rows);
    }

    private void convert(int[] light, int[] cb, int[] cr) {
        redOrBlue(light, cr, CR_TO_RED, red);
        green(light, cb, cr, green);
        redOrBlue(light, cb, CB_TO_BLUE, blue);
    }

    private void inks(int[] in, int[] out) {
        for (int x = 0; x < columns; x++) {
            IntVector.broadcast(EIGHT, 255).sub(IntVector.fromArray(EIGHT, in, x * Plane.STRIDE + 1)).intoArray(out, x * Strips.ROWS);
        }
    }

    /** Makes inks the colours that they leave of what black lets through, as Pillow does (cmyk2rgb in Convert.c). */
    private void print(int[] black) {
        for (int x = 0; x < columns; x++) {
            IntVector through = IntVector.fromArray(EIGHT, black, x * Plane.STRIDE + 1);
            print(through, red, x * Strips.ROWS);
            print(through, green, x * Strips.ROWS);
            print(through, blue, x * Strips.ROWS);
        }
    }

    private static void print(IntVector through, int[] ink, int at) {
        IntVector product = IntVector.fromArray(EIGHT, ink, at).mul(through).add(128);
        IntVector taken = product.lanewise(VectorOperators.LSHR, 8).add(product).lanewise(VectorOperators.LSHR, 8); // a 255th, rounded
        through.sub(taken).intoArray(ink, at);
    }

    private static void redOrBlue(int[] light, int[] difference, int factor, int[] out) {
        int i = 1;
        for (int o = 0; o < out.length; o += Strips.ROWS) {
            IntVector d = IntVector.fromArray(EIGHT, difference, i).sub(128).mul(factor).add(HALF);
            IntVector.fromArray(EIGHT, light, i).add(d.lanewise(VectorOperators.ASHR, BITS)).max(0).min(255).intoArray(out, o);
            i += Plane.STRIDE;
        }
    }

    private static void green(int[] light, int[] cb, int[] cr, int[] out) {
        int i = 1;
        for (int o = 0; o < out.length; o += Strips.ROWS) {
            IntVector b = IntVector.fromArray(EIGHT, cb, i).sub(128).mul(CB_TO_GREEN);
            IntVector r = IntVector.fromArray(EIGHT, cr, i).sub(128).mul(CR_TO_GREEN);
            IntVector d = IntVector.broadcast(EIGHT, HALF).sub(b).sub(r);
            IntVector.fromArray(EIGHT, light, i).add(d.lanewise(VectorOperators.ASHR, BITS)).max(0).min(255).intoArray(out, o);
            i += Plane.STRIDE;
        }
    }

    private void copy(int[] in, int[] out) {
        for (int x = 0; x < columns; x++) {
            IntVector.fromArray(EIGHT, in, x * Plane.STRIDE + 1).intoArray(out, x * Strips.ROWS);
        }
    }
}
