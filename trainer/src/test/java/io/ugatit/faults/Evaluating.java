package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.evaluate.EvaluateJob;
import io.ugatit.evaluate.EvaluateOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/** A second evaluation of a run, by another extractor than the first. Started again two days later. */
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
        letDaysPass(place.disk());
        evaluate(place, "random-conv");
    }

    /** Evaluations take no lock: what is unfinished may be another's that goes on, until it has lain for a day. */
    private static void letDaysPass(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(Publishing.TEMPORARY_PREFIX)).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(2, ChronoUnit.DAYS)));
            }
        }
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
