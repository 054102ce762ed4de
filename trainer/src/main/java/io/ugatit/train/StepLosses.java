package io.ugatit.train;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

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

    /** The losses by their names in the metrics files, in the files' order. */
    public Map<String, Double> named() {
        Map<String, Double> named = new LinkedHashMap<>();
        named.put("d_a", d.a());
        named.put("d_b", d.b());
        put(named, "a", gAdversarial.a(), gCycle.a(), gIdentity.a(), gCam.a());
        put(named, "b", gAdversarial.b(), gCycle.b(), gIdentity.b(), gCam.b());
        named.put("d_total", dTotal());
        named.put("g_total", gTotal());
        return named;
    }

    private static void put(Map<String, Double> named, String domain, double adversarial, double cycle, double identity, double cam) {
        named.put("g_adv_" + domain, adversarial);
        named.put("g_cycle_" + domain, cycle);
        named.put("g_identity_" + domain, identity);
        named.put("g_cam_" + domain, cam);
    }

    /** Whether every loss is a finite number. */
    public boolean finite() {
        return Double.isFinite(dTotal()) && Double.isFinite(gTotal());
    }
}
