package io.ugatit.evaluate;

import io.ugatit.job.InvalidRequestException;
import org.apache.spark.SparkConf;

/**
 * What the driver has room for: it holds the features of all images and of their translations, which the tasks' results bring.
 *
 * @param heap the driver's, in bytes
 * @param results the most that the results of a job's tasks may be, in bytes; 0 for any size
 */
record FeatureRoom(long heap, long results) {
    private static final String MOST_RESULTS = "spark.driver.maxResultSize";
    private static final long MEGABYTE = 1_000_000;

    /** Of this JVM, the driver. */
    static FeatureRoom of(SparkConf conf) {
        return new FeatureRoom(Runtime.getRuntime().maxMemory(), conf.getSizeAsBytes(MOST_RESULTS, "1g"));
    }

    /**
     * Refuses what would fail after all has been computed.
     *
     * @param images of both domains
     * @param dimension of an image's features
     * @throws InvalidRequestException if there is no room; says how to get it
     */
    void require(long images, int dimension) {
        long bytes = images * 2 * dimension * Float.BYTES;
        String features = "the features of " + images + " images and their translations are " + bytes / MEGABYTE
                + " MB: take fewer by --max-images, or give ";
        if (bytes > heap / 2) {
            throw new InvalidRequestException(features + "--driver-memory " + ((2 * bytes >> 30) + 1) + "g or more before the command, which has "
                    + heap / MEGABYTE + " MB");
        }
        if (results > 0 && bytes > results / 10 * 9) {
            throw new InvalidRequestException(features + "--conf " + MOST_RESULTS + "=0 before the command");
        }
    }
}
