package io.ugatit.cluster.rounds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.device.Device;
import io.ugatit.model.DivergedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the workers tell of a round besides their state.
 *
 * @param workers in their order
 */
public record RoundReport(List<Worker> workers) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of a worker's line, whatever its round: names, and the glimpses of its last images. */
    private static final int MOST_BYTES = 1 << 20;
    /** A row of losses has some 600. */
    private static final int MOST_BYTES_A_STEP = 1 << 11;
    /** What a worker tells instead of all else if its training has diverged; no other line begins with it. */
    private static final String DIVERGED = "diverged";
    private static final String DIVERGED_BEGINS = "{\"" + DIVERGED + "\":";
    /** Of a row of losses: what says where it is from. */
    private static final Set<String> NOT_LOSSES = Set.of("step", "worker");

    /**
     * What one worker tells.
     *
     * @param host it ran on
     * @param kernels it computes with
     * @param device it computes on
     * @param gpus addresses of those that Spark has assigned to it
     * @param seconds that its steps took, waiting for images included
     * @param peakBytes most memory that its process, which workers may share, has taken so far; 0 if it cannot be known
     * @param losses a row for each step, in order
     * @param glimpses of the last images, in the order of steps
     */
    public record Worker(String host, String kernels, Device device, List<String> gpus, double seconds, long peakBytes,
            List<ObjectNode> losses, List<Glimpse> glimpses) {

        /** A line of JSON. */
        byte[] bytes() {
            try {
                return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts and numbers are always JSON", e);
            }
        }
    }

    /** The line of a worker whose training has diverged. */
    static byte[] diverged(String message) {
        return (JsonNodeFactory.instance.objectNode().put(DIVERGED, message) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** How long a worker's line may be after a round of so many steps. */
    static int mostBytes(int steps) {
        return MOST_BYTES + steps * MOST_BYTES_A_STEP;
    }

    /**
     * Reads {@link Worker#bytes} of all workers, one after the other.
     *
     * @throws DivergedException if the training of one has diverged, with the message of the first of them
     */
    static RoundReport of(ByteBuffer lines) {
        return new RoundReport(StandardCharsets.UTF_8.decode(lines).toString().lines().map(RoundReport::worker).toList());
    }

    private static Worker worker(String line) {
        try {
            if (line.startsWith(DIVERGED_BEGINS)) {
                throw new DivergedException(JSON.readTree(line).get(DIVERGED).asText());
            }
            return JSON.readValue(line, Worker.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a worker sent a report that is no JSON: " + line, e);
        }
    }

    /** Steps that every worker made. */
    public int steps() {
        return workers.get(0).losses().size();
    }

    /** By worker, then step. */
    public List<ObjectNode> losses() {
        return workers.stream().flatMap(worker -> worker.losses().stream()).toList();
    }

    /** Of all workers' last images, by step, then worker. */
    public List<Glimpse> glimpses() {
        return workers.stream().flatMap(worker -> worker.glimpses().stream()).sorted(Comparator.comparingLong(Glimpse::step)).toList();
    }

    /** What the losses are called. */
    public Set<String> lossNames() {
        Set<String> names = new LinkedHashSet<>();
        workers.get(0).losses().get(0).fieldNames().forEachRemaining(names::add);
        names.removeAll(NOT_LOSSES);
        return names;
    }

    /** Of a loss over all steps and workers. */
    public double mean(String loss) {
        return losses().stream().mapToDouble(row -> row.path(loss).asDouble(Double.NaN)).average().orElse(Double.NaN);
    }

    /** The most memory that a worker's process has taken so far; empty if none knows. */
    public OptionalLong peakBytes() {
        return workers.stream().mapToLong(Worker::peakBytes).filter(bytes -> bytes > 0).max();
    }

    /** Seconds that the slowest worker's steps took. */
    public double stepsSeconds() {
        return workers.stream().mapToDouble(Worker::seconds).max().orElse(0);
    }
}
