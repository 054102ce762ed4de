package io.ugatit.tensor.cuda.cudnn;

import java.util.Set;

/**
 * What a convolution multiplies, and what an engine may make of it. All sum in single precision, in the same order in every run; the result
 * is of the factors' type, since cuDNN has no engines for another.
 */
public enum Factors {
    /** Single precision, as it is. */
    FP32(DataType.FLOAT, Set.of(Note.TENSOR_CORE)),
    /** Single precision, which tensor cores round to 11 bits of mantissa. */
    TF32(DataType.FLOAT, Set.of()),
    /** Two bytes, 8 bits of mantissa. */
    BF16(DataType.BFLOAT16, Set.of());

    /** cuDNN's types of elements. */
    static final class DataType {
        static final int FLOAT = 0;
        static final int BFLOAT16 = 9;

        private DataType() { }
    }

    /** What cuDNN notes of an engine's arithmetic. */
    private static final class Note {
        static final int TENSOR_CORE = 0;
        static final int DOWN_CONVERT_INPUTS = 1;
        static final int REDUCED_PRECISION_REDUCTION = 2;
        static final int NONDETERMINISTIC = 4;
    }

    private final int type;
    private final Set<Integer> refused;

    Factors(int type, Set<Integer> refused) {
        this.type = type;
        this.refused = refused;
    }

    /** In memory, of factors and result. */
    int type() {
        return type;
    }

    /** Whether an engine of these notes computes as this says. */
    boolean allow(Set<Integer> notes) {
        // factors converted down are halves, whose range gradients leave; PyTorch refuses them too
        return notes.stream().noneMatch(note -> note == Note.NONDETERMINISTIC || note == Note.REDUCED_PRECISION_REDUCTION
                || note == Note.DOWN_CONVERT_INPUTS || refused.contains(note));
    }
}
