package io.ugatit.report.dataset;

import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.FactsReader;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.ImageFacts;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.image.Fit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** Adds up what the shards of a domain and split tell, one image at a time. Not thread-safe. */
final class PartTally {
    /** Bins of the histogram of brightness. */
    static final int BINS = 32;

    private static final double END = 256;
    /** Fine enough for tables, coarse enough that memory does not grow with the images. */
    private static final int PER_LEVEL = 10;

    private final int side;
    private final Fit fit;
    private final Map<String, Long> formats = new TreeMap<>();
    private final Map<String, Long> modes = new TreeMap<>();
    private final Distribution width = new Distribution(1);
    private final Distribution height = new Distribution(1);
    private final Distribution brightness = new Distribution(PER_LEVEL);
    private final Distribution red = new Distribution(PER_LEVEL);
    private final Distribution green = new Distribution(PER_LEVEL);
    private final Distribution blue = new Distribution(PER_LEVEL);
    private final Distribution contrast = new Distribution(PER_LEVEL);
    private long images;
    private long enlarged;

    private PartTally(int side, Fit fit) {
        this.side = side;
        this.fit = fit;
    }

    /**
     * Reads the shards of a part.
     *
     * @throws io.ugatit.job.JobFailedException if one is gone or damaged; the message names it
     */
    static PartSummary read(ImageDataset dataset, Partition part, Configuration configuration) {
        DatasetManifest manifest = dataset.manifest();
        int side = manifest.side(part.split());
        PartTally tally = new PartTally(side, manifest.resize());
        FactsReader.read(dataset, part.domain(), part.split(), configuration, tally::add);
        return new PartSummary(part.split().label() + part.domain(), part.domain(), part.split(), part.images(), side,
                part.shards().stream().mapToLong(Shard::bytes).sum(),
                part.duplicates() + part.rejected() + part.notImages() + part.leaks() + part.nearDuplicates() + part.hidden() + part.links()
                        + part.noRegularFiles(),
                tally.sources());
    }

    private void add(ImageFacts facts) {
        images++;
        formats.merge(facts.format(), 1L, Long::sum);
        modes.merge(facts.mode(), 1L, Long::sum);
        width.add(facts.sourceWidth());
        height.add(facts.sourceHeight());
        brightness.add(facts.brightness());
        red.add(facts.red());
        green.add(facts.green());
        blue.add(facts.blue());
        contrast.add(facts.contrast());
        int decisive = fit == Fit.PAD ? Math.max(facts.sourceWidth(), facts.sourceHeight())
                : Math.min(facts.sourceWidth(), facts.sourceHeight());
        enlarged += decisive < side ? 1 : 0;
    }

    private Optional<PartSummary.Sources> sources() {
        return images == 0 ? Optional.empty()
                : Optional.of(new PartSummary.Sources(images, enlarged, mostFrequentFirst(formats), mostFrequentFirst(modes), width.spread(),
                        height.spread(), brightness.spread(), red.spread(), green.spread(), blue.spread(), contrast.spread(),
                        Arrays.stream(brightness.shares(BINS, END)).boxed().toList()));
    }

    private static Map<String, Long> mostFrequentFirst(Map<String, Long> counts) {
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableMap(sorted);
    }
}
