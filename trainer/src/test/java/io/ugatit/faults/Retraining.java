package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.SmallTraining;
import io.ugatit.evaluate.TinyImages;
import io.ugatit.retrain.RetrainJob;
import io.ugatit.retrain.RetrainOptions;
import io.ugatit.retrain.RetrainResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.regex.Pattern;

/** A second night: new images, whose run is promoted after that of the first. */
final class Retraining implements Job {
    @Override
    public void prepare(Place place) throws IOException {
        ObjectNode conf = new ObjectMapper().createObjectNode().put("input", place.path("images")).put("workspace", place.path("workspace"))
                .put("size", TinyImages.SIDE).put("tolerance", 1).put("min-test-images", 2).put("extractor", "random-conv").put("keep", 1);
        conf.putObject("train").put("ch", 2).put("res-blocks", 1).put("global-layers", 3).put("local-layers", 3).put("steps", 2)
                .put("averaging-frequency", 1).put("checkpoint-every", 1).put("samples", 1).put("lr", 1e-6);
        Files.createDirectories(place.disk());
        Files.writeString(place.disk().resolve("conf.json"), conf.toString());
        Preparing.images(place, 2);
        night(place);
        Preparing.images(place, 3);
    }

    @Override
    public void run(Place place) throws IOException {
        place.letDaysPass();
        night(place);
    }

    private static RetrainResult night(Place place) {
        return new RetrainJob(place.spark(), new RetrainOptions(place.path("conf.json")), new SmallTraining.Silent(), Place.NOWHERE)
                .run();
    }

    @Override
    public void read(Place place) throws IOException {
        String name = Files.readString(place.disk().resolve("workspace/PROMOTED"), StandardCharsets.UTF_8).strip();
        assertThat(name).isIn("0001", "0002");
        RunDirectory run = RunDirectory.open(place.path("workspace/runs/" + name), place.configuration());
        new CheckpointStore(run).requireWhole(2);
    }

    @Override
    public Pattern dispensable() {
        return Pattern.compile("workspace/(runs/\\d+/)?samples/.*");
    }

    @Override
    public Pattern leftOut() {
        return Pattern.compile("workspace/(runs/\\d+/(rounds|tensorboard)|nights)/.*");
    }
}
