package io.ugatit.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.exchange.hub.ModelCard;
import io.ugatit.job.Program;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * What is exported: a whole checkpoint of a run, and what the run says of itself.
 *
 * @param averages whether the generators are the checkpoint's averages
 * @param network sizes of the networks
 * @param description the sizes, the step and the options that decided the result; nothing of the machine that trained
 */
record ExportSource(RunDirectory run, Checkpoint checkpoint, boolean averages, NetworkOptions network, ObjectNode description) {
    private static final String NETWORK = "network";
    private static final String TRAINING = "training";

    /**
     * Finds the checkpoint, and reads it once to compare its hash.
     *
     * @param choice the one asked for
     * @param warn takes one line for each newer checkpoint that is damaged
     * @throws io.ugatit.job.InvalidRequestException if there is no such run, or no such checkpoint that is whole
     */
    static ExportSource find(RunDirectory run, CheckpointChoice choice, Consumer<String> warn) {
        NetworkOptions network = RunConfig.network(run);
        Checkpoint checkpoint = choice.find(new CheckpointStore(run), warn);
        boolean averages = choice.averages(checkpoint);
        ObjectNode config = run.readConfig();
        ObjectNode description = config.objectNode().put("model_type", "ugatit").put("step", checkpoint.step())
                .put("exported_by", "ugatit-spark " + Program.build());
        if (checkpoint.hasAverages()) {
            description.put(ModelCard.GENERATORS, averages ? "ema" : ModelCard.RAW);
        }
        description.set(NETWORK, RunConfig.of(network).get(NETWORK));
        if (config.get(TRAINING) instanceof ObjectNode training) { // an imported run has none
            description.set(TRAINING, training);
        }
        return new ExportSource(run, checkpoint, averages, network, description);
    }

    /** The safetensors file that holds a network as it is exported. */
    Path file(Network network) {
        return averages && network.kind() == Network.Kind.GENERATOR ? checkpoint.parameters() : checkpoint.allParameters();
    }

    long step() {
        return checkpoint.step();
    }

    /** The description as strings by name, nested names joined by dots, for formats that hold no more. */
    Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        description.fields().forEachRemaining(field -> {
            if (field.getValue().isObject()) {
                field.getValue().fields().forEachRemaining(
                        option -> metadata.put(field.getKey() + "." + option.getKey(), option.getValue().asText()));
            } else {
                metadata.put(field.getKey(), field.getValue().asText());
            }
        });
        return metadata;
    }
}
