package io.ugatit.model;

import io.ugatit.tensor.Scaling;
import java.util.Iterator;
import java.util.List;

/**
 * How one forward pass of a {@link Generator} has normalised its maps: of every normalisation, in their order, the factor and the summand of
 * each plane. Means and variances are in them, and of AdaLIN gamma and beta too, which follow from the attended features. Nothing else in
 * a generator looks at a whole image, so with them a part of an image is translated as within the image, up to what its border hides. They
 * live until {@link io.ugatit.tensor.Kernels#recycle}.
 */
public final class GeneratorStatistics {
    private final List<Scaling> scalings;

    GeneratorStatistics(List<Scaling> scalings) {
        this.scalings = List.copyOf(scalings);
    }

    /** One after the other, as the generator needs them. */
    Iterator<Scaling> scalings() {
        return scalings.iterator();
    }
}
