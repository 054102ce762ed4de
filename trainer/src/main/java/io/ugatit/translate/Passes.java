package io.ugatit.translate;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointChoice;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.model.NetworkOptions;
import io.ugatit.translate.generator.GeneratorSource;
import io.ugatit.translate.output.OutputKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** Which passes a job has: every checkpoint with every direction, checkpoints in the order that they were asked for. */
final class Passes {
    private final TranslateOptions options;
    private final Configuration configuration;
    private final List<Pass> passes = new ArrayList<>();

    private Passes(TranslateOptions options, Configuration configuration) {
        this.options = options;
        this.configuration = configuration;
    }

    /**
     * Finds the generators and checks that their tensors have the right names and shapes.
     *
     * @param warn takes one line for each newer checkpoint that is damaged
     * @throws io.ugatit.job.InvalidRequestException if one is not there or damaged; one line that says what would be right
     * @throws IOException if a file system fails
     */
    static List<Pass> of(TranslateOptions options, Configuration configuration, Consumer<String> warn) throws IOException {
        Passes found = new Passes(options, configuration);
        if (options.weights() != null) {
            found.ofFile(warn);
        } else {
            found.ofRun(warn);
        }
        return found.passes;
    }

    private void ofFile(Consumer<String> warn) throws IOException {
        if (options.directions() == Directions.BOTH) {
            GeneratorRequest.requireBoth(configuration, options.weights());
        }
        for (Direction direction : options.directions().each()) {
            passes.add(new Pass(direction, "translation", new GeneratorRequest(null, options.weights(), options.size(), direction,
                    CheckpointChoice.NEWEST).find(configuration, warn), below("", direction)));
        }
    }

    /** A checkpoint and the words that have chosen it. */
    private record Chosen(Checkpoint checkpoint, CheckpointChoice choice, List<String> words) { }

    private void ofRun(Consumer<String> warn) throws IOException {
        RunDirectory run = GeneratorRequest.directory(configuration, options.run());
        NetworkOptions network = RunConfig.network(run);
        CheckpointStore store = new CheckpointStore(run);
        Map<Long, Chosen> chosen = new LinkedHashMap<>(); // of two words for one checkpoint it is one
        for (CheckpointChoice choice : options.checkpoint().each()) {
            Checkpoint checkpoint = choice.find(store, warn);
            Chosen one = chosen.computeIfAbsent(checkpoint.step(), step -> new Chosen(checkpoint, choice, new ArrayList<>()));
            if (!choice.isStep() && !one.words().contains(choice.checkpoint())) {
                one.words().add(choice.checkpoint());
            }
        }
        for (Chosen one : chosen.values()) {
            long step = one.checkpoint().step();
            String label = "step " + step + String.join("", one.words().stream().map(word -> ", " + word).toList());
            for (Direction direction : options.directions().each()) {
                GeneratorSource generator = GeneratorSource.of(configuration, one.choice().generators(one.checkpoint()),
                        direction.generator(), network);
                String folder = options.to().kind() == OutputKind.TABLE ? "step=" + step : run.checkpoint(step).getName();
                passes.add(new Pass(direction, label, generator, below(options.checkpoint().isList() ? folder : "", direction)));
            }
        }
    }

    /** In tables both are columns: that is how Spark and others read folders of such names. */
    private String below(String checkpoint, Direction direction) {
        if (options.directions() != Directions.BOTH) {
            return checkpoint;
        }
        String folder = (options.to().kind() == OutputKind.TABLE ? "direction=" : "") + direction.word();
        return checkpoint.isEmpty() ? folder : checkpoint + "/" + folder;
    }
}
