package io.ugatit.train;

import java.io.Serializable;

/**
 * The losses of one step as the metrics files name them, weighted.
 *
 * @param d the discriminators of a domain
 * @param gAdversarial what the discriminators of a domain say of its translations
 * @param gCycle the distance of an image and its back-translation
 * @param gIdentity the distance of an image and its translation to its own domain
 * @param gCam the generator's class activation map
 */
public record StepLosses(PerDomain d, PerDomain gAdversarial, PerDomain gCycle, PerDomain gIdentity, PerDomain gCam)
        implements Serializable {

    /**
     * One loss for each domain.
     *
     * @param a of domain A
     * @param b of domain B
     */
    public record PerDomain(double a, double b) implements Serializable {
        private double sum() {
            return a + b;
        }
    }

    /** The discriminators' total. */
    public double dTotal() {
        return d.sum();
    }

    /** The generators' total. */
    public double gTotal() {
        return gAdversarial.sum() + gCycle.sum() + gIdentity.sum() + gCam.sum();
    }

    /** Whether every loss is a finite number. */
    public boolean finite() {
        return Double.isFinite(dTotal()) && Double.isFinite(gTotal());
    }
}
