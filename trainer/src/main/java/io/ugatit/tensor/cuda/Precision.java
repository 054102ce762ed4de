package io.ugatit.tensor.cuda;

/** In what convolutions on a GPU multiply; they always sum in single precision, and everything else is in single or double precision. */
public enum Precision {
    /** Single precision: 24 bits of mantissa. */
    FP32,
    /** On tensor cores, factors rounded to 11 bits of mantissa; from compute capability 8.0. */
    TF32;

    /** As the command line names it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
