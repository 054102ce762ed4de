package io.ugatit.tensor.cuda;

import io.ugatit.tensor.cuda.cudnn.Factors;
import java.util.Locale;

/** In what convolutions on a GPU multiply; they always sum in single precision, and everything else is in single or double precision. */
public enum Precision {
    /** Single precision: 24 bits of mantissa. */
    FP32(Factors.FP32),
    /** On tensor cores, factors rounded to 11 bits of mantissa; from compute capability 8.0. */
    TF32(Factors.TF32),
    /** On tensor cores, factors and each convolution's result rounded to 8 bits of mantissa; by cuDNN, from compute capability 8.0. */
    BF16(Factors.BF16);

    private final Factors factors;

    Precision(Factors factors) {
        this.factors = factors;
    }

    /** What cuDNN is to multiply. */
    Factors factors() {
        return factors;
    }

    /** As the command line names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
