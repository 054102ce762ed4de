package io.ugatit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.checkpoint.log.MetricsLog;
import io.ugatit.cluster.SmallTraining;
import io.ugatit.cluster.TrainJob;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.UgatitGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The second half of a training: from the checkpoint of step 2 to step 4, with two workers, samples and evaluations. */
final class Training implements Job {
    private static final int STEPS = 4;

    @Override
    public void prepare(Place place) throws IOException {
        Preparing.images(place, 2);
        new Preparing().run(place);
        assertThatThrownBy(() -> train(place, STEPS / 2)).isInstanceOf(JobFailedException.class);
    }

    @Override
    public void run(Place place) throws IOException {
        place.letDaysPass();
        train(place, Long.MAX_VALUE);
    }

    /** @param last after which the training fails, if it gets so far */
    private static void train(Place place, long last) {
        TrainOptions options = place.options(TrainOptions.class, "--data", "@data", "--run", "@run", "--size", "16", "--ch", "2", "--res-blocks",
                "1", "--global-layers", "3", "--local-layers", "3", "--steps", String.valueOf(STEPS), "--workers", "2", "--averaging-frequency",
                "1", "--checkpoint-every", "1", "--keep", "2", "--samples", "1", "--evaluate-every", "2");
        new TrainJob(place.spark(), options, new PowerCut(last)).run();
    }

    @Override
    public void read(Place place) {
        RunDirectory run = RunDirectory.open(place.path("run"), place.configuration());
        List<String> warnings = new ArrayList<>();
        CheckpointStore store = new CheckpointStore(run);
        Checkpoint latest = store.latestWhole(warnings::add).orElseThrow();
        assertThat(warnings).isEmpty();
        assertThat(latest.step()).isBetween(STEPS / 2L, (long) STEPS);
        store.best().ifPresent(store::requireWhole);
        List<Long> rows = new ArrayList<>();
        new MetricsLog(run).forEach(row -> rows.add(row.get("step").asLong()));
        for (long step = 1; step <= latest.step(); step++) {
            assertThat(rows).as("a row for each worker").filteredOn(Long.valueOf(step)::equals).hasSize(2);
        }
    }

    @Override
    public Pattern leftOut() {
        return Pattern.compile("run/(rounds|tensorboard)/.*");
    }

    @Override
    public Pattern dispensable() {
        return Pattern.compile("run/(samples|evaluation|checkpoints/step-00000002)/.*|run/metrics/evaluations.jsonl .*|run/BEST .*");
    }

    /** Lets the training fail at a checkpoint. */
    private static final class PowerCut extends SmallTraining.Silent {
        private final long last;

        PowerCut(long last) {
            this.last = last;
        }

        @Override
        public void checkpoint(UgatitGraph graph, long stepsDone) {
            if (stepsDone == last) {
                throw new JobFailedException("power cut");
            }
        }
    }
}
