package io.ugatit.evaluate;

import io.ugatit.dataset.Domain;
import io.ugatit.translate.generator.GeneratorSource;
import java.io.Serializable;

/**
 * Where a checkpoint's two generators are.
 *
 * @param a2b from A to B
 * @param b2a from B to A
 */
record Generators(GeneratorSource a2b, GeneratorSource b2a) implements Serializable {

    /** The one that translates images of a domain into the other. */
    GeneratorSource from(Domain domain) {
        return domain == Domain.A ? a2b : b2a;
    }

    /** The one that translates images of the other domain into this. */
    GeneratorSource to(Domain domain) {
        return domain == Domain.A ? b2a : a2b;
    }
}
