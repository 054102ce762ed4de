package io.ugatit.translate.output;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files of many that hold a translation of another version of an image. They count for nothing: nothing can be taken out of them.
 *
 * @param parts relative to the output
 * @param replaced translations in them whose images were replaced
 * @param lost translations in them whose images are not asked for
 */
record SpoiledParts(Set<String> parts, long replaced, long lost) {
    /** Where every translation is a file by itself. */
    static final SpoiledParts NONE = new SpoiledParts(Set.of(), 0, 0);

    /** @param counting the translations of a folder of parts */
    static SpoiledParts among(Collection<Provenance> counting, List<PlannedImage> planned) {
        Map<String, Provenance> wanted = new HashMap<>();
        planned.forEach(image -> wanted.put(image.image().path(), image.provenance()));
        Set<String> parts = new HashSet<>();
        long replaced = 0;
        for (Provenance made : counting) {
            if (wanted.containsKey(made.source()) && !wanted.get(made.source()).isMadeAs(made)) {
                parts.add(made.part());
                replaced++;
            }
        }
        long lost = counting.stream().filter(made -> parts.contains(made.part()) && !wanted.containsKey(made.source())).count();
        return new SpoiledParts(parts, replaced, lost);
    }

    boolean hold(Provenance made) {
        return made.part() != null && parts.contains(made.part());
    }
}
