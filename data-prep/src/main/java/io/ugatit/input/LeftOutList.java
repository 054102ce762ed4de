package io.ugatit.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** The list of what was left out: a line of JSON for each file. It may have millions, so it is written and read line by line. */
public final class LeftOutList {
    /** Name of the list in what a job publishes. */
    public static final String FILE = "rejected.jsonl";

    /** The longest source and reason, each of their characters escaped, are an eighth of this. */
    private static final int LONGEST_LINE = 1 << 20;
    private static final int BUFFER = 1 << 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private LeftOutList() {}

    /**
     * Writes a list.
     *
     * @param leftOut what was left out
     * @param out is left open
     * @throws IOException if it cannot be written
     */
    public static void write(Stream<LeftOut> leftOut, OutputStream out) throws IOException {
        BufferedOutputStream lines = new BufferedOutputStream(out, BUFFER);
        for (Iterator<LeftOut> next = leftOut.iterator(); next.hasNext();) {
            lines.write(line(next.next()));
        }
        lines.flush();
    }

    /**
     * Whether a list is what {@link #write} would write.
     *
     * @param leftOut what was left out
     * @param in the list's bytes
     * @throws IOException if they cannot be read
     */
    public static boolean isSame(Stream<LeftOut> leftOut, InputStream in) throws IOException {
        InputStream lines = new BufferedInputStream(in, BUFFER);
        for (Iterator<LeftOut> next = leftOut.iterator(); next.hasNext();) {
            byte[] line = line(next.next());
            if (!Arrays.equals(lines.readNBytes(line.length), line)) {
                return false;
            }
        }
        return lines.read() < 0;
    }

    private static byte[] line(LeftOut file) {
        return (file.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a data set's list.
     *
     * @param conf finds the file system
     * @param file the list
     * @param each is given line after line
     * @throws InvalidRequestException if the list is missing or damaged
     * @throws JobFailedException if the file system fails
     */
    public static void read(Configuration conf, Path file, Consumer<LeftOut> each) {
        try (InputStream lines = new BufferedInputStream(InputFile.open(file.getFileSystem(conf), file), BUFFER)) {
            for (byte[] line = nextLine(lines, file); line != null; line = nextLine(lines, file)) {
                each.accept(parse(line, file));
            }
        } catch (FileNotFoundException e) {
            throw new InvalidRequestException(file + " is missing: prepare the dataset again", e);
        } catch (IOException | FSError e) {
            throw new JobFailedException("cannot read " + file + ": " + FileFailure.reason(e), e);
        }
    }

    /** Null at the end. */
    private static byte[] nextLine(InputStream lines, Path file) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = lines.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = lines.read()) {
            if (line.size() == LONGEST_LINE) {
                throw damaged(file, null);
            }
            line.write(next);
        }
        return line.toByteArray();
    }

    private static LeftOut parse(byte[] line, Path file) throws IOException {
        LeftOut leftOut;
        try {
            leftOut = JSON.readValue(line, LeftOut.class);
        } catch (JsonProcessingException e) {
            throw damaged(file, e);
        }
        if (leftOut == null || leftOut.source() == null || leftOut.kind() == null || leftOut.reason() == null) {
            throw damaged(file, null);
        }
        return leftOut;
    }

    private static InvalidRequestException damaged(Path file, Exception cause) {
        return new InvalidRequestException(file + " is damaged: prepare the dataset again", cause);
    }
}
