package io.ugatit.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.dataset.Sha256;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing.Fingerprint;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * What a checkpoint says of itself, written after everything else in it.
 *
 * @param step the last step that went into the parameters
 * @param position where training goes on; the trainer's business
 * @param files length and hash of each tensor file, by name
 */
record Manifest(long step, ObjectNode position, Map<String, Fingerprint> files) {
    static final String NAME = "manifest.json";
    static final int MAX_BYTES = 1 << 20;
    private static final int FORMAT = 1;
    /** Of a checkpoint with averages, so that a version that knows none names the format and does not call it damaged. */
    private static final int FORMAT_WITH_AVERAGES = 2;
    private static final String OWN_HASH = "sha256";
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    byte[] toBytes() throws IOException {
        ObjectNode node = JSON.createObjectNode().put("format", format(files.keySet())).put("step", step);
        node.set("position", position);
        ObjectNode list = node.putObject("files");
        files.forEach((name, file) -> list.putObject(name).put("length", file.length()).put("sha256", file.sha256()));
        // as a reader will see it: a float's digits, say, come back as a double
        ObjectNode reread = (ObjectNode) JSON.readTree(JSON.writeValueAsBytes(node));
        reread.put(OWN_HASH, hash(reread));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(reread);
    }

    /**
     * @throws InvalidRequestException if it is whole but of another format: the checkpoint is none to skip and replace
     */
    static Manifest parse(byte[] bytes, Path path) throws DamagedCheckpointException {
        try {
            if (!(JSON.readTree(bytes) instanceof ObjectNode node)) {
                throw new DamagedCheckpointException(NAME + " is not a JSON object");
            }
            JsonNode ownHash = node.remove(OWN_HASH);
            if (ownHash == null || !ownHash.asText().equals(hash(node))) {
                throw new DamagedCheckpointException(NAME + " does not match its own sha256");
            }
            Map<String, Fingerprint> files = new LinkedHashMap<>();
            node.path("files").fields().forEachRemaining(file -> files.put(file.getKey(),
                    new Fingerprint(file.getValue().path("length").asLong(-1), file.getValue().path("sha256").asText())));
            int format = format(files.keySet());
            if (node.path("format").asInt() != format) {
                throw new InvalidRequestException(path + " has format " + node.path("format") + ", this program reads " + format
                        + ": " + RunConfig.VERSION_OF_THE_RUN);
            }
            Set<String> expected = format == FORMAT ? Checkpoint.FILES : Checkpoint.FILES_WITH_AVERAGES;
            if (!(node.get("position") instanceof ObjectNode position) || !files.keySet().equals(expected)) {
                throw new DamagedCheckpointException(NAME + " needs a position and the files " + expected);
            }
            return new Manifest(node.path("step").asLong(-1), position, files);
        } catch (IOException e) { // of a byte array: what is no JSON, or no text
            throw new DamagedCheckpointException(NAME + " is not valid JSON", e);
        }
    }

    private static int format(Set<String> files) {
        return files.contains(Checkpoint.AVERAGES) ? FORMAT_WITH_AVERAGES : FORMAT;
    }

    /** The hash of the compact JSON, so that indentation plays no part. */
    private static String hash(ObjectNode withoutOwnHash) throws JsonProcessingException {
        return HexFormat.of().formatHex(Sha256.digest().digest(JSON.writeValueAsBytes(withoutOwnHash)));
    }
}
