package io.ugatit.exchange.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What {@code evaluate} has found of a checkpoint, as far as a model's card tells it.
 *
 * @param extractor what the distances were taken with
 * @param comparable whether publications take the same
 * @param dataset content hash of the data set, hexadecimal
 * @param imagesA test images of A that took part
 * @param imagesB test images of B that took part
 * @param a2b of the generator from A to B
 * @param b2a of the generator from B to A
 */
record Evaluation(String extractor, boolean comparable, String dataset, int imagesA, int imagesB, Scores a2b, Scores b2a) {
    private static final int MOST_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of one generator: distances, and mean absolute errors of 0 to 2. */
    record Scores(double kid, double fid, double cycleL1, double identityL1) { }

    /**
     * All evaluations of a checkpoint, in the order of their extractors' names; none if it was not evaluated.
     *
     * @throws InvalidRequestException if a file is not what {@code evaluate} writes; names it
     * @throws IOException if the file system fails
     */
    static List<Evaluation> of(RunDirectory run, long step) throws IOException {
        String prefix = String.format(Locale.ROOT, "step-%08d-", step);
        List<Path> files = new ArrayList<>();
        for (FileStatus file : Publishing.list(Publishing.fileSystem(run.configuration(), run.evaluation()), run.evaluation())) {
            if (file.isFile() && file.getPath().getName().startsWith(prefix) && file.getPath().getName().endsWith(".json")) {
                files.add(file.getPath());
            }
        }
        files.sort(null);
        List<Evaluation> evaluations = new ArrayList<>();
        for (Path file : files) {
            evaluations.add(parse(file, Publishing.read(run.configuration(), file, MOST_BYTES)));
        }
        return evaluations;
    }

    private static Evaluation parse(Path file, byte[] bytes) throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new InvalidRequestException(file + " is not JSON: " + e.getOriginalMessage() + "; run evaluate again", e);
        }
        return new Evaluation(word(file, node, "extractor"), node.path("comparable").asBoolean(), word(file, node, "dataset"), (int) number(file, node, "/images_a"),
                (int) number(file, node, "/images_b"), scores(file, node, "/a2b"), scores(file, node, "/b2a"));
    }

    private static Scores scores(Path file, JsonNode node, String of) {
        return new Scores(number(file, node, of + "/kid"), number(file, node, of + "/fid"), number(file, node, of + "/cycle_l1"),
                number(file, node, of + "/identity_l1"));
    }

    private static double number(Path file, JsonNode node, String pointer) {
        JsonNode value = node.at(pointer);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new InvalidRequestException(file + ": " + pointer + " must be a number; run evaluate again");
        }
        return value.doubleValue();
    }

    /** Hashes and names of extractors: nothing that would mean something in YAML or Markdown. */
    private static String word(Path file, JsonNode node, String key) {
        String value = node.path(key).asText();
        if (!value.matches("[A-Za-z0-9-]{1,128}")) {
            throw new InvalidRequestException(file + ": /" + key + " must be letters, digits and hyphens; run evaluate again");
        }
        return value;
    }
}
