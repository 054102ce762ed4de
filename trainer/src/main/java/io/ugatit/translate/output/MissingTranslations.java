package io.ugatit.translate.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What is still to be made of the translations that are wanted in a folder, and what becomes of those that are there. */
public final class MissingTranslations {
    private final PresentTranslations present;
    private final List<PlannedImage> images;
    /** The names of those that are there in parts that go. */
    private final Set<String> inSpoiledParts;
    private final List<Provenance> kept;
    private final List<String> misnamed;
    private final Counts counts;

    /**
     * How many of the translations that are there are made again or dropped, or stay though they are not asked for.
     *
     * @param replaced are to be made again, since they were of another version of their image
     * @param lost are of images that are not asked for, and in parts that will be made again without them
     * @param renamed have names that now are those of others; they are deleted, and made again under theirs
     * @param leftOver were to be overwritten and will not be, since their images are not there; they stay
     * @param orphans are of images that are no longer there; they stay
     */
    public record Counts(long replaced, long lost, long renamed, long leftOver, long orphans) { }

    private MissingTranslations(PresentTranslations present, List<PlannedImage> images, Set<String> inSpoiledParts,
            List<Provenance> kept, List<String> misnamed, Counts counts) {
        this.present = present;
        this.images = Collections.unmodifiableList(images);
        this.inSpoiledParts = inSpoiledParts;
        this.kept = kept;
        this.misnamed = misnamed;
        this.counts = counts;
    }

    /** Compares what is there with all that is planned. */
    static MissingTranslations of(PresentTranslations present, List<PlannedImage> planned) {
        boolean files = present.output().kind() == OutputKind.FILES;
        Map<String, Provenance> counting = present.logged().counting(present.listing(), planned);
        SpoiledParts spoiled = files ? SpoiledParts.NONE : SpoiledParts.among(counting.values(), planned);
        Set<String> inSpoiledParts = counting.values().stream().filter(spoiled::hold).map(Provenance::translation)
                .collect(Collectors.toSet());
        counting.values().removeIf(spoiled::hold);
        List<PlannedImage> missing = new ArrayList<>();
        List<Provenance> kept = new ArrayList<>();
        long replaced = spoiled.replaced();
        for (PlannedImage image : planned) {
            Provenance made = counting.remove(image.translation());
            if (image.provenance().isMadeAs(made)) {
                kept.add(made);
            } else {
                missing.add(image);
                replaced += made == null ? 0 : 1;
            }
        }
        RenamedTranslations renamed = files
                ? RenamedTranslations.among(counting.values(), planned, present.output().record().hasHeatmaps()) : RenamedTranslations.NONE;
        counting.keySet().removeAll(renamed.names());
        kept.addAll(counting.values());
        return new MissingTranslations(present, missing, inSpoiledParts, kept, renamed.files(),
                new Counts(replaced, spoiled.lost(), renamed.names().size(), leftOver(present, planned), counting.size()));
    }

    private static long leftOver(PresentTranslations present, List<PlannedImage> planned) {
        if (present.overwritten().isEmpty()) {
            return 0;
        }
        Set<String> wanted = planned.stream().map(PlannedImage::translation).collect(Collectors.toSet());
        return present.overwritten().values().stream().filter(made -> present.listing().has(made) && !wanted.contains(made.translation()))
                .count();
    }

    /** Where they go. */
    public Path path() {
        return present.path();
    }

    /** The translations that are to be made, in the order that they were planned in. */
    public List<PlannedImage> images() {
        return images;
    }

    /**
     * Those of {@link #images()} that are to be made if only some images are wanted: these, and those whose translations would else be lost
     * with the file of many that they share with one of another version of its image.
     *
     * @param wanted the images that are asked for
     */
    public List<PlannedImage> images(Collection<PlannedImage> wanted) {
        Set<PlannedImage> chosen = new HashSet<>(wanted);
        return images.stream().filter(image -> chosen.contains(image) || inSpoiledParts.contains(image.translation())).toList();
    }

    /** What becomes of translations that are there. */
    public Counts counts() {
        return counts;
    }

    /**
     * Deletes what killed tasks left, and begins a log with the translations that count, unless all of them do. From one moment on the
     * record names the new log in place of the old: what is to be made again counts no more, even if the job is killed before it is made.
     *
     * @return the log
     * @throws IOException if the file system fails
     */
    public ProvenanceLog begin() throws IOException {
        Folder folder = present.output().folder();
        OutputKind kind = present.output().kind();
        FileSystem fileSystem = folder.fileSystem();
        // a task of a job that failed may have been finishing a part meanwhile
        OutputListing now = kind == OutputKind.FILES ? present.listing() : OutputListing.of(folder);
        for (Path path : present.listing().unfinished()) {
            fileSystem.delete(path, true);
        }
        ProvenanceLog log = present.logged().log().isPresent() && images.isEmpty() ? present.logged().log().get() : fresh(folder);
        for (Path old : present.listing().logs()) {
            if (!old.getName().equals(log.name())) {
                fileSystem.delete(old, true);
            }
        }
        for (String file : misnamed) {
            fileSystem.delete(folder.file(file), false);
        }
        Set<String> counting = new HashSet<>();
        kept.forEach(made -> counting.add(made.file()));
        for (String file : now.files().keySet()) {
            if (kind.isPart(file) && !counting.contains(file) || file.equals(OutputKind.REJECTED_ROWS) && kind == OutputKind.TABLE) {
                fileSystem.delete(folder.file(file), false);
            }
        }
        return log;
    }

    private ProvenanceLog fresh(Folder folder) throws IOException {
        ProvenanceLog log = ProvenanceLog.fresh(folder);
        log.keep(kept);
        present.output().record().publish(log);
        return log;
    }
}
