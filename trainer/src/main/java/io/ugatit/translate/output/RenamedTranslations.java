package io.ugatit.translate.output;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Translations that are to have another name now. Their files must not stay under one that says it is of another image.
 *
 * @param names of the translations
 * @param files of theirs that nothing will be written to
 */
record RenamedTranslations(Set<String> names, List<String> files) {
    /** Where names are no files'. */
    static final RenamedTranslations NONE = new RenamedTranslations(Set.of(), List.of());

    /**
     * @param others the translations, files by themselves, that count but are not those of planned names
     * @param heatmaps whether translations have heatmaps beside them
     */
    static RenamedTranslations among(Collection<Provenance> others, List<PlannedImage> planned, boolean heatmaps) {
        if (others.isEmpty()) {
            return NONE;
        }
        Set<String> sources = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (PlannedImage image : planned) {
            sources.add(image.image().path());
            taken.addAll(List.of(image.translation(), Plan.heatmap(image.translation())));
        }
        Set<String> names = others.stream().filter(made -> sources.contains(made.source())).map(Provenance::translation)
                .collect(Collectors.toSet());
        others.stream().map(Provenance::translation).filter(name -> !names.contains(name)).forEach(taken::add);
        Stream<String> files = heatmaps ? names.stream().flatMap(name -> Stream.of(name, Plan.heatmap(name))) : names.stream();
        return new RenamedTranslations(names, files.filter(file -> !taken.contains(file)).toList());
    }
}
