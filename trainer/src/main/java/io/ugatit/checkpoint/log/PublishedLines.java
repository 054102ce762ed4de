package io.ugatit.checkpoint.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.publish.Publishing;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A small file of lines of JSON, which is published as a whole with each change. What is in it is lost if it grows beyond what is read, so
 * its writers thin it out before. One process writes at a time, any number may read.
 *
 * @param configuration finds the file system
 * @param file need not exist
 * @param mostBytes that it may have
 */
record PublishedLines(Configuration configuration, Path file, int mostBytes) {
    /** What its lines are read and written with. */
    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** What there is room for unless a test has less. */
    static final int MOST_BYTES = 1 << 24;

    /** Understands a line. */
    @FunctionalInterface
    interface Parser<T> {
        /**
         * @param where file and number of the line, to begin a message with
         * @throws InvalidRequestException if it is none
         */
        T parse(String where, String line);
    }

    /**
     * Reads all lines.
     *
     * @return a new list; empty if there is no file
     * @throws InvalidRequestException from the parser
     * @throws JobFailedException if the file system fails, or the file has more bytes than it may
     */
    <T> List<T> read(Parser<T> parser) {
        List<T> parsed = new ArrayList<>();
        try {
            int number = 1;
            for (String line : new String(Publishing.read(configuration, file, mostBytes), StandardCharsets.UTF_8).lines().toList()) {
                parsed.add(parser.parse(file + ":" + number++, line));
            }
        } catch (FileNotFoundException e) {
            return new ArrayList<>(); // nobody has written yet
        } catch (IOException e) {
            throw new JobFailedException("Cannot read " + file + ": " + FileFailure.reason(e), e);
        }
        return parsed;
    }

    /** A line as it is written, of what is or can be JSON. */
    static byte[] line(Object value) {
        try {
            return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(value + " cannot be JSON", e);
        }
    }

    /** Publishes these instead. @throws JobFailedException if the file system fails; the file is as it was then */
    void write(Collection<byte[]> lines) {
        try {
            Publishing.write(configuration, file, out -> {
                for (byte[] line : lines) {
                    out.write(line);
                }
            });
        } catch (IOException e) {
            throw new JobFailedException("Cannot publish " + file + ": " + FileFailure.reason(e), e);
        }
    }
}
