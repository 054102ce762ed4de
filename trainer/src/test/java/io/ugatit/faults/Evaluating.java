package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.evaluate.EvaluateOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A second evaluation of a run, by another extractor than the first. */
final class Evaluating implements Job {
    @Override
    public void prepare(Place place) throws IOException {
        Runs.publish(place);
        Preparing.images(place, 3);
        new Preparing().run(place);
        evaluate(place, "thumbnail");
    }

    @Override
    public void run(Place place) throws IOException {
        place.letDaysPass();
        evaluate(place, "random-conv");
    }

    private static void evaluate(Place place, String extractor) {
        new EvaluateJob(place.spark(), place.options(EvaluateOptions.class, "--run", "@run", "--data", "@data", "--extractor", extractor),
                Place.NOWHERE).run();
    }

    @Override
    public void read(Place place) throws IOException {
        Runs.requireWhole(place);
        for (String extractor : new String[] {"thumbnail", "random-conv"}) {
            Path file = place.disk().resolve("run/evaluation/step-00000012-" + extractor + ".json");
            if (extractor.equals("thumbnail") || Files.exists(file)) {
                assertThat(new ObjectMapper().readTree(file.toFile()).path("step").asInt()).isEqualTo(12);
            }
        }
    }
}
