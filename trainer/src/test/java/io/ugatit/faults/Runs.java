package io.ugatit.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import java.util.Map;

/** Runs as a training leaves them. */
final class Runs {
    private static final NetworkOptions NETWORK = new NetworkOptions(TinyImages.SIDE, 2, 1, true, false, 3, 3);

    private Runs() { }

    /** A run of one checkpoint, in {@code run}. */
    static void publish(Place place) {
        UgatitGraph graph = UgatitGraph.create(NETWORK, 3);
        RunDirectory run = new RunDirectory(place.configuration(), place.hadoop("run"));
        new CheckpointStore(run).publish(12, graph.namedParameters(), Map.of(), JsonNodeFactory.instance.objectNode());
        ObjectNode config = RunConfig.of(NETWORK);
        config.putObject("training").put("images", "f9420f82ff273a9f742e6af7418e51cf4442325dc6b17bd41ed6da110ca8aa7d").put("steps", 100)
                .put("lr", 1e-4);
        config.putObject("job").put("data", "somewhere");
        run.publishConfig(config);
    }

    /** The run is as it was. */
    static void requireWhole(Place place) {
        new CheckpointStore(RunDirectory.open(place.path("run"), place.configuration())).requireWhole(12);
    }
}
