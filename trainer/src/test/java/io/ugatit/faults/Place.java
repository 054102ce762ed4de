package io.ugatit.faults;

import io.ugatit.job.Options;
import io.ugatit.publish.Unfinished;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/**
 * The folder that a job reads from and writes to.
 *
 * @param spark knows the file system
 * @param scheme of a file system that keeps its files on the local disk, under the same paths
 * @param disk the folder there
 */
record Place(SparkSession spark, String scheme, Path disk) {
    static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    String path(String name) {
        return scheme + ":" + disk.resolve(name);
    }

    org.apache.hadoop.fs.Path hadoop(String name) {
        return new org.apache.hadoop.fs.Path(path(name));
    }

    Configuration configuration() {
        return spark.sparkContext().hadoopConfiguration();
    }

    /** For evaluations, which take no lock: what is unfinished may be another's that goes on, until it has lain for a day. */
    void letDaysPass() throws IOException {
        Unfinished.letDaysPass(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(disk.toUri()));
    }

    /** Options from words; those that begin with {@code @} name something in this folder. */
    <T extends Record> T options(Class<T> record, String... words) {
        return Options.parse(record, List.of(words).stream().map(word -> word.startsWith("@") ? path(word.substring(1)) : word)
                .toArray(String[]::new));
    }
}
