package io.ugatit.train;

import io.ugatit.model.DivergedException;
import java.util.Locale;
import java.util.Map;

/**
 * Between which losses a training is sound. The cycle and identity losses cannot leave any limit: images and translations lie in [-1, 1].
 * What the networks give without bounds are the discriminators' outputs and the logits of class activation maps. Least squares ask for
 * outputs of 0 and 1; whatever the loss and its sign, outputs of discriminators with spectrally normalised weights differ by no more than
 * some hundreds from image to image. A sound logit of a generator is a few units. What is beyond these limits is on its way out of all
 * bounds, though floats still hold it.
 */
public final class LossLimits {
    /** Of an adversarial loss of weight one: least squares of outputs of a few hundred, or straight lines at outputs of some ten thousand. */
    private static final double ADVERSARIAL = 1e5;
    /** Of a CAM loss of weight one: a cross entropy is as large as the logit that is wrong. */
    private static final double CAM = 1e3;

    private LossLimits() { }

    /**
     * Ends a training that is not sound.
     *
     * @param step that the losses are of
     * @throws DivergedException if a loss is no finite number, or beyond the limit of its kind times its weight; one line that names it
     */
    public static void require(long step, StepLosses losses, LossWeights weights) {
        for (Map.Entry<String, Double> loss : losses.named().entrySet()) {
            double limit = limit(loss.getKey(), weights);
            double value = loss.getValue();
            if (!Double.isFinite(value)) {
                throw new DivergedException("the loss " + loss.getKey() + " of step " + step + " is no finite number: a lower --lr may help");
            }
            if (Math.abs(value) > limit) {
                throw new DivergedException(String.format(Locale.ROOT, "the loss %s of step %d is %.4g, beyond %.4g, which no sound"
                        + " training reaches: a lower --lr may help", loss.getKey(), step, value, limit));
            }
        }
    }

    private static double limit(String loss, LossWeights weights) {
        if (loss.startsWith("d_a") || loss.startsWith("d_b") || loss.startsWith("g_adv")) {
            return ADVERSARIAL * weights.adversarial();
        }
        return loss.startsWith("g_cam") ? CAM * weights.cam() : Double.POSITIVE_INFINITY;
    }
}
