package io.ugatit.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;
import org.apache.hadoop.fs.Path;

/** A run's config.json: its format, and the networks' sizes in it. */
public final class RunConfig {
    /** The format this program writes, and the only one it reads. */
    private static final int FORMAT = 1;
    private static final String NETWORK = "network";
    /** Runs made before the format was written down are of the first. */
    private static final String FORMAT_KEY = "format";
    /** What would be right where another version of this program has written. */
    static final String VERSION_OF_THE_RUN = "use the version that made the run, or give another --run";

    private RunConfig() { }

    /** A configuration that says no more than the networks' sizes. */
    public static ObjectNode of(NetworkOptions options) {
        ObjectNode network = JsonNodeFactory.instance.objectNode();
        network.put("size", options.size());
        network.put("ch", options.ch());
        network.put("resBlocks", options.resBlocks());
        network.put("full", options.full());
        network.put("globalLayers", options.globalLayers());
        network.put("localLayers", options.localLayers());
        return JsonNodeFactory.instance.objectNode().put(FORMAT_KEY, FORMAT).set(NETWORK, network);
    }

    /**
     * Refuses a configuration of another format.
     *
     * @param file where it was read, for the message
     * @throws InvalidRequestException one line that names the file, its format and what would be right
     */
    static void requireFormat(ObjectNode config, Path file) {
        JsonNode format = config.path(FORMAT_KEY);
        if (!format.isMissingNode() && !(format.isInt() && format.intValue() == FORMAT)) {
            throw new InvalidRequestException(file + " has format " + format + ", this program reads " + FORMAT + ": " + VERSION_OF_THE_RUN);
        }
    }

    /**
     * Refuses options that this version does not know: ignoring them would go on with something else.
     *
     * @param section a part of the run's configuration
     * @param name the part's name
     * @param known the options there are in it
     * @throws InvalidRequestException one line that names the file, the option and what would be right
     */
    public static void requireKnown(RunDirectory run, JsonNode section, String name, JsonNode known) {
        section.fields().forEachRemaining(option -> {
            if (!known.has(option.getKey())) {
                throw new InvalidRequestException(run.config() + ": " + name + "." + option.getKey() + " is " + option.getValue()
                        + ", an option this program does not know: " + VERSION_OF_THE_RUN);
            }
        });
    }

    /**
     * The sizes of a run's networks.
     *
     * @throws InvalidRequestException if the run has no configuration, it lacks them or has more; one line that names the file
     */
    public static NetworkOptions network(RunDirectory run) {
        JsonNode network = run.readConfig().path(NETWORK);
        NetworkOptions options = sizes(run, network);
        requireKnown(run, network, NETWORK, of(options).get(NETWORK));
        return options;
    }

    /** What is wrong with a size is told of the file: whoever reads the message may have given no such option. */
    private static NetworkOptions sizes(RunDirectory run, JsonNode network) {
        boolean full = network.path("full").asBoolean();
        int size = number(run, network, "size");
        int ch = number(run, network, "ch");
        int resBlocks = number(run, network, "resBlocks");
        int globalLayers = number(run, network, "globalLayers");
        int localLayers = number(run, network, "localLayers");
        try {
            return new NetworkOptions(size, ch, resBlocks, !full, full, globalLayers, localLayers);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(run.config() + ": " + NETWORK + " is not possible: " + e.getMessage(), e);
        }
    }

    private static int number(RunDirectory run, JsonNode network, String key) {
        JsonNode value = network.path(key);
        if (!value.isInt()) {
            throw new InvalidRequestException(run.config() + ": " + NETWORK + "." + key + " must be a whole number");
        }
        return value.intValue();
    }
}
