package io.ugatit.report.dataset;

import io.ugatit.dataset.DatasetVersions;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.input.LeftOut;
import io.ugatit.input.LeftOutList;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Files that were left out for the same reason.
 *
 * @param kind why
 * @param reason why, in one line; numbers are {@code #}, names of other files {@code …}
 * @param count how many
 * @param files the first of them, relative to the input
 */
public record LeftOutSummary(LeftOut.Kind kind, String reason, long count, List<String> files) {
    private static final int FILES = 3;
    /** A reason that names another file or a value, in which there may be anything. */
    private static final Pattern NAMED = Pattern.compile("^(the same bytes as |looks like |the same folder as |a link in an archive, to |"
            + "a link to nothing: |a link that leads nowhere: |its name is not UTF-8, but in hexadecimal bytes |a row whose domain is |"
            + "a row whose split is ).*?(, which is there to judge by(?:: \\d+ of \\d+ bits differ)?|, which is read|: must be [a-zA-Z0-9, ]+)?$",
            Pattern.DOTALL);
    /** Different reasons that are kept; what comes after counts as others of its kind. */
    private static final int REASONS = 100;

    /** Copies the list. */
    public LeftOutSummary {
        files = List.copyOf(files);
    }

    /**
     * Reads a data set's list.
     *
     * @param dataset the data set
     * @param configuration finds the file system
     * @return by kind, of each the most frequent reason first
     * @throws InvalidRequestException if the list is missing or damaged
     * @throws JobFailedException if the file system fails
     */
    static List<LeftOutSummary> read(ImageDataset dataset, Configuration configuration) {
        Map<Reason, Group> groups = new LinkedHashMap<>();
        LeftOutList.read(configuration, list(dataset, configuration), leftOut -> {
            Reason reason = new Reason(leftOut.kind(), generalised(leftOut));
            if (groups.size() >= REASONS && !groups.containsKey(reason)) {
                reason = new Reason(leftOut.kind(), "other reasons");
            }
            groups.computeIfAbsent(reason, unused -> new Group()).add(leftOut.source());
        });
        return groups.entrySet().stream()
                .map(group -> new LeftOutSummary(group.getKey().kind, group.getKey().text, group.getValue().count, group.getValue().files))
                .sorted(Comparator.comparing(LeftOutSummary::kind).thenComparing(LeftOutSummary::count, Comparator.reverseOrder()))
                .toList();
    }

    /** Where the data set's version keeps its list: the folder's own is of the newest; data sets of the first format have no other. */
    static Path list(ImageDataset dataset, Configuration configuration) {
        Path own = new Path(DatasetVersions.folder(new Path(dataset.path()), dataset.manifest().version()), LeftOutList.FILE);
        try {
            return own.getFileSystem(configuration).exists(own) ? own : new Path(dataset.path(), LeftOutList.FILE);
        } catch (IOException e) {
            throw new JobFailedException("cannot look for " + own + " (" + FileFailure.reason(e) + ")", e);
        }
    }

    /** Without what differs from file to file, so that files of one reason come together. */
    private static String generalised(LeftOut leftOut) {
        return NAMED.matcher(leftOut.reason()).replaceFirst("$1…$2").replaceAll("\\d+", "#");
    }

    private record Reason(LeftOut.Kind kind, String text) {}

    /** The files of a reason. */
    private static final class Group {
        private final List<String> files = new ArrayList<>();
        private long count;

        void add(String file) {
            if (count++ < FILES) {
                files.add(file);
            }
        }
    }
}
