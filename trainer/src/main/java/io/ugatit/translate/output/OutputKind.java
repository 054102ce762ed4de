package io.ugatit.translate.output;

import java.util.Locale;
import java.util.regex.Pattern;

/** What translations are kept in. */
public enum OutputKind {
    /** A file each, under the image's path. */
    FILES("files", "--output", null),
    /** Tar archives of many, as WebDataset has them. */
    SHARDS("shards", "--output-shards", ".tar"),
    /** Parquet files of many. */
    TABLE("table", "--output-table", ".parquet");

    private static final String PART = "part-";
    /** The Parquet file of images that have no translation. */
    static final String REJECTED_ROWS = "part-rejected.parquet";

    private final String word;
    private final String option;
    private final String extension;

    OutputKind(String word, String option, String extension) {
        this.word = word;
        this.option = option;
        this.extension = extension;
    }

    /** One word for records. */
    public String word() {
        return word;
    }

    /** The option that asks for it. */
    public String option() {
        return option;
    }

    /**
     * The name of a file of many.
     *
     * @param log of the job, which tells its files from other jobs'
     * @param task the number of the task
     * @param number of the file among the task's
     */
    String part(String log, int task, int number) {
        return String.format(Locale.ROOT, "%s%s-%05d-%03d%s", PART, log.substring(ProvenanceLog.PREFIX.length()).substring(0, 8), task, number,
                extension);
    }

    /** Whether a job has given a file its name. */
    boolean isPart(String file) {
        return this != FILES && file.matches(PART + "[0-9a-f]{8}-\\d{5,}-\\d{3,}" + Pattern.quote(extension));
    }
}
