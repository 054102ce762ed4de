package io.ugatit.exchange;

import io.ugatit.model.NetworkOptions;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the import job made.
 *
 * @param run the run's folder
 * @param network the sizes that the weights have
 * @param parameters how many numbers were imported, power-iteration vectors included
 * @param leftOut what else a file of PyTorch held tensors of, such as an optimizer, by its first word; sorted
 */
public record ImportResult(String run, NetworkOptions network, long parameters, Set<String> leftOut) {
    /** Takes a copy. */
    public ImportResult {
        leftOut = Collections.unmodifiableSet(new TreeSet<>(leftOut));
    }
}
