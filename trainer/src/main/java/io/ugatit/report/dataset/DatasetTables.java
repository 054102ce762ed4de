package io.ugatit.report.dataset;

import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Partition;
import io.ugatit.dataset.Shard;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.report.markup.Figures;
import io.ugatit.report.markup.ValueTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What a data set holds and what was left out of it, in figures. */
public final class DatasetTables {
    private DatasetTables() {}

    /**
     * A row for each domain and split: how many images are stored and how large, and how many files were left out for which reason.
     *
     * @param dataset the data set
     */
    public static ValueTable parts(ImageDataset dataset) {
        List<List<String>> rows = new ArrayList<>();
        for (Partition part : dataset.manifest().partitions()) {
            int side = dataset.manifest().side(part.split());
            long others = part.leaks() + part.nearDuplicates() + part.hidden() + part.links() + part.noRegularFiles();
            rows.add(List.of(part.split().label() + part.domain(), Figures.count(part.images()), side + " x " + side,
                    Figures.compact(part.shards().stream().mapToLong(Shard::bytes).sum() / 1e6), Figures.count(part.duplicates()),
                    Figures.count(part.rejected()), Figures.count(part.notImages()), Figures.count(others)));
        }
        return new ValueTable(
                List.of("part", "images", "pixels", "MB stored", "duplicates", "rejected", "no images", "left out else"), rows);
    }

    /**
     * A row for each file that was left out, in the order of its version's {@code rejected.jsonl}.
     *
     * @param dataset the data set
     * @param most rows at most; if there are more, a last row says how many
     * @param configuration finds the file system
     * @throws InvalidRequestException if the data set's list is missing or damaged
     * @throws JobFailedException if the file system fails
     */
    public static ValueTable leftOut(ImageDataset dataset, int most, Configuration configuration) {
        List<List<String>> rows = new ArrayList<>();
        LongAdder files = new LongAdder();
        LeftOutList.read(configuration, LeftOutSummary.list(dataset, configuration), file -> {
            files.increment();
            if (rows.size() < most) {
                rows.add(List.of(file.source(), file.kind().inWords(), file.reason()));
            }
        });
        if (files.sum() > most) {
            rows.add(List.of("and " + Figures.count(files.sum() - most) + " more", "", ""));
        }
        return new ValueTable(List.of("file", "kind", "reason"), rows);
    }
}
