package io.ugatit.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.NetworkOptions;

/** The networks' sizes in a run's config.json. */
public final class RunConfig {
    private static final String NETWORK = "network";

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
        return JsonNodeFactory.instance.objectNode().set(NETWORK, network);
    }

    /**
     * The sizes of a run's networks.
     *
     * @throws InvalidRequestException if the run has no configuration or it lacks them; one line that names the file
     */
    public static NetworkOptions network(RunDirectory run) {
        JsonNode network = run.readConfig().path(NETWORK);
        boolean full = network.path("full").asBoolean();
        return new NetworkOptions(number(run, network, "size"), number(run, network, "ch"), number(run, network, "resBlocks"), !full, full,
                number(run, network, "globalLayers"), number(run, network, "localLayers"));
    }

    private static int number(RunDirectory run, JsonNode network, String key) {
        JsonNode value = network.path(key);
        if (!value.isInt()) {
            throw new InvalidRequestException(run.config() + ": " + NETWORK + "." + key + " must be a whole number");
        }
        return value.intValue();
    }
}
