package io.ugatit.train;

import io.ugatit.tensor.LossKernels;
import io.ugatit.tensor.LossKernels.Ramp;
import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.Locale;

/**
 * What the discriminators and the generators pay for what the discriminators say, of patches and of the logits of their class activation maps
 * alike, as in the authors' TensorFlow code ({@code discriminator_loss} and {@code generator_loss} in taki0112/UGATIT, {@code ops.py}).
 */
public enum AdversarialLoss {
    /** Least squares (Mao et al., arXiv 1611.04076): real ones are to be judged 1, translated ones 0, and 1 in the generators' eyes. */
    LSGAN {
        @Override
        void patches(LossKernels kernels, Side side, Tensor x, double weight, Tensor dx, Term term) {
            kernels.meanSquare(x, target(side), weight, dx, term);
        }

        @Override
        void logits(LossKernels kernels, Side side, Values x, int from, int to, double weight, Values dx, Term term) {
            kernels.meanSquare(x, from, to, target(side), weight, dx, term);
        }
    },

    /** Hinge (Lim and Ye, arXiv 1705.02894): {@code max(0, 1 - D(real)) + max(0, 1 + D(translated))}, and {@code -D(translated)}. */
    HINGE {
        @Override
        Ramp ramp(Side side) {
            return switch (side) {
                case REAL -> Ramp.hinge(-1);
                case TRANSLATED -> Ramp.hinge(1);
                case GENERATOR -> Ramp.line(-1);
            };
        }
    },

    /**
     * Wasserstein's distance with a gradient penalty (Gulrajani et al., arXiv 1704.00028): {@code D(translated) - D(real)}, and
     * {@code -D(translated)}; the discriminators pay {@link GradientPenalty} besides.
     */
    WGAN_GP {
        @Override
        Ramp ramp(Side side) {
            return Ramp.line(side == Side.TRANSLATED ? 1 : -1);
        }
    };

    /** Who pays for what. */
    enum Side {
        /** A discriminator for a real image. */
        REAL,
        /** A discriminator for a translation. */
        TRANSLATED,
        /** A generator for its translation. */
        GENERATOR
    }

    private static double target(Side side) {
        return side == Side.TRANSLATED ? 0 : 1;
    }

    /** What is paid for a number that a discriminator gives. */
    Ramp ramp(Side side) {
        throw new IllegalStateException(this + " is no ramp");
    }

    /** Whether discriminators pay for the length of their gradients. */
    boolean penalizesGradients() {
        return this == WGAN_GP;
    }

    /** The mean over patches (N,1,h,w), as {@link LossKernels} take losses. */
    void patches(LossKernels kernels, Side side, Tensor x, double weight, Tensor dx, Term term) {
        kernels.meanRamp(x, ramp(side), weight, dx, term);
    }

    /** The mean over the logits {@code from} to {@code to}, the latter excluded, as {@link LossKernels} take losses. */
    void logits(LossKernels kernels, Side side, Values x, int from, int to, double weight, Values dx, Term term) {
        kernels.meanRamp(x, from, to, ramp(side), weight, dx, term);
    }

    /** As the command line names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
