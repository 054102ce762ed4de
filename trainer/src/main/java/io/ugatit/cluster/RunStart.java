package io.ugatit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.Promotion;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.cluster.rounds.MomentsPolicy;
import io.ugatit.cluster.rounds.OuterUpdate;
import io.ugatit.dataset.DatasetManifest;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Program;
import io.ugatit.lock.OutputLock;
import io.ugatit.model.NetworkOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.train.AdversarialLoss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;

/**
 * How a training begins: a new run, an imported one at step 0, or one to go on with. Finding out writes nothing.
 *
 * @param dataset the version of the data set to train on
 * @param network sizes of the networks
 * @param config what config.json shall say
 * @param checkpoint where to go on, if anywhere
 * @param warnings one line for every damaged checkpoint that was skipped, and for a checkpoint that another build has made
 */
record RunStart(ImageDataset dataset, NetworkOptions network, ObjectNode config, Optional<Checkpoint> checkpoint, List<String> warnings) {
    private static final String TRAINING = "training";
    /** In a checkpoint's position: the build that made it. */
    static final String PROGRAM = "program";
    /** In a checkpoint's position, and in config.json: the kernels that the workers of its last round computed with. */
    static final String KERNELS = "kernels";
    private static final String ADV = "adv";
    /** Decay a step of the generators' average. */
    private static final String EMA = "ema-decay";
    /** Holds the hash of the images, wherever they lie. */
    private static final String IMAGES = "images";
    /** The version of the data set that the run began with, which may have grown since. */
    private static final String DATA_VERSION = "data-version";
    /** A workspace's and a data set's files. */
    private static final Set<String> NOT_OF_A_RUN = Set.of(Promotion.FILE, DatasetManifest.FILE);
    /** Holds the hash of the images' order: the same images may have come in another. */
    private static final String IMAGE_ORDER = "image-order";

    /**
     * @param threads that one worker computes with, unless the run says otherwise
     * @throws InvalidRequestException if the run, the data set and the options do not go together
     */
    static RunStart find(TrainOptions options, RunDirectory run, int threads) {
        boolean exists = run.exists();
        CheckpointStore store = new CheckpointStore(run);
        List<Long> published = store.steps();
        if (options.resume() == ResumePolicy.NEVER && (exists || !published.isEmpty())) {
            throw new InvalidRequestException("--run " + options.run() + " exists: give another, or --resume auto to go on with it");
        }
        List<String> warnings = new ArrayList<>();
        Optional<Checkpoint> checkpoint = store.latestWhole(warnings::add);
        if (checkpoint.isEmpty() && !published.isEmpty()) {
            throw new InvalidRequestException("--run " + options.run() + " has no whole checkpoint: " + String.join("; ", warnings));
        }
        if (checkpoint.isEmpty() && options.resume() == ResumePolicy.REQUIRED) {
            throw new InvalidRequestException("--run " + options.run() + " has no checkpoint to resume from: give --resume auto to start");
        }
        if (!exists && published.isEmpty()) {
            requireNoOther(options, run);
        }
        store.best(); // pruning asks for it, days later
        checkpoint.flatMap(RunStart::otherProgram).ifPresent(warnings::add);
        try {
            return of(options, run, threads, checkpoint, published.stream().anyMatch(step -> step > 0), List.copyOf(warnings));
        } catch (InvalidRequestException e) {
            throw checkpoint.isEmpty() ? e : new InvalidRequestException(e.getMessage() + lastCheckpoint(checkpoint).isSafe(), e);
        }
    }

    /** A workspace, a data set or a folder of images would no longer be what it is with a run in it. */
    private static void requireNoOther(TrainOptions options, RunDirectory run) {
        try {
            for (FileStatus there : Publishing.list(Publishing.fileSystem(run.configuration(), run.path()), run.path())) {
                String name = there.getPath().getName();
                boolean hidden = name.startsWith(".") || OutputLock.isLock(name);
                if (NOT_OF_A_RUN.contains(name) || there.isDirectory() && !hidden && !run.folders().contains(name)) {
                    throw new InvalidRequestException("--run is " + options.run() + ": holds " + name + ", which is no run's: give a new folder, or"
                            + " that of a run");
                }
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot look for the run " + options.run() + ": " + FileFailure.reason(e), e);
        }
    }

    /** @param trained whether there are checkpoints of steps that were made; before that an attempt that failed binds nobody to its options */
    private static RunStart of(TrainOptions options, RunDirectory run, int threads, Optional<Checkpoint> checkpoint, boolean trained,
            List<String> warnings) {
        Optional<ObjectNode> old = run.exists() ? Optional.of(run.readConfig()) : Optional.empty(); // of no other format, in any case
        ImageDataset dataset = trained && old.isPresent() ? datasetOf(options, run, old.get())
                : ImageDataset.open(options.data(), run.configuration());
        NetworkOptions ofRun = checkpoint.isPresent() && old.isPresent() ? RunConfig.network(run) : NetworkOptions.DEFAULT;
        NetworkOptions network = options.network().orElse(ofRun);
        ObjectNode config = RunConfig.of(network);
        config.set(TRAINING, training(config.objectNode(), options, dataset, threads));
        // these may differ whenever the run goes on
        config.putObject("job").put("data", options.data()).put("hours", options.hours())
                .put("checkpoint-every", options.checkpointEvery()).put("keep", options.keep())
                .put("evaluate-every", options.evaluation().every()).put("patience", options.evaluation().patience())
                .put("evaluate-extractor", options.evaluation().extractor())
                .put("samples", options.samples()).put("chunk-bytes", options.chunkBytes())
                .put("kernels", options.kernels().kernels().toString())
                .put("precision", options.kernels().precision().toString());
        if (checkpoint.isPresent() && old.isPresent()) {
            requireSame(options, config.get("network"), old.get().path("network"));
        }
        if (trained && old.isPresent() && old.get().has(TRAINING)) {
            requireTrainedWith(options, run, config, old.get());
        }
        RunStart start = new RunStart(dataset, network, config, checkpoint, warnings);
        start.kernels().ifPresent(kernels -> config.put(KERNELS, kernels));
        return start;
    }

    /**
     * The version that the run began with; of one made before there were versions, the current one.
     *
     * @throws InvalidRequestException if there is no such data set, or not that version of it
     */
    private static ImageDataset datasetOf(TrainOptions options, RunDirectory run, ObjectNode old) {
        JsonNode version = old.path(TRAINING).path(DATA_VERSION);
        if (version.isMissingNode()) {
            return ImageDataset.open(options.data(), run.configuration());
        }
        if (!version.isInt() || version.intValue() < 1) {
            throw new InvalidRequestException(run.config() + ": " + TRAINING + "." + DATA_VERSION + " must be a whole number from 1");
        }
        ImageDataset current = ImageDataset.open(options.data(), run.configuration());
        if (version.intValue() > current.manifest().version()) {
            throw new InvalidRequestException("--run " + options.run() + " began with version " + version + " of its data set, but --data "
                    + options.data() + " has only come to version " + current.manifest().version() + ": give the data set it was made with");
        }
        return ImageDataset.open(options.data(), version.intValue(), run.configuration());
    }

    private static void requireTrainedWith(TrainOptions options, RunDirectory run, ObjectNode config, ObjectNode old) {
        JsonNode threadsOfRun = old.get(TRAINING).path("threads");
        if (!threadsOfRun.isInt() || threadsOfRun.intValue() < 1) {
            throw new InvalidRequestException(run.config() + ": " + TRAINING + ".threads must be a whole number from 1");
        }
        ((ObjectNode) config.get(TRAINING)).set("threads", threadsOfRun);
        RunConfig.requireKnown(run, old.get(TRAINING), TRAINING, config.get(TRAINING));
        requireSame(options, config.get(TRAINING), completed((ObjectNode) old.get(TRAINING), config.get(TRAINING)));
    }

    private static Optional<String> otherProgram(Checkpoint checkpoint) {
        String maker = checkpoint.position().path(PROGRAM).asText(Program.build());
        return maker.equals(Program.build()) ? Optional.empty() : Optional.of("the checkpoint of step " + checkpoint.step()
                + " was made by ugatit-spark " + maker + ", this is " + Program.build() + ": it may compute other last bits from there on");
    }

    /** Everything that decides the bits of the result. */
    private static ObjectNode training(ObjectNode node, TrainOptions options, ImageDataset dataset, int threads) {
        node.put(IMAGES, dataset.manifest().contentHash());
        node.put(DATA_VERSION, dataset.manifest().version());
        node.put(IMAGE_ORDER, dataset.manifest().orderHash());
        node.put("steps", options.steps());
        node.put("workers", options.workers());
        node.put("averaging-frequency", options.averagingFrequency());
        node.put("moments", options.moments().name().toLowerCase(Locale.ROOT));
        node.put("outer-momentum", options.outer().momentum());
        node.put("outer-lr", options.outer().rate());
        node.put(EMA, options.ema());
        node.put("batch", options.batch());
        node.put("lr", options.lr());
        node.put("weight-decay", options.weightDecay());
        node.put(ADV, options.weights().loss().toString());
        node.put("adv-weight", options.weights().adversarial());
        node.put("cycle-weight", options.weights().cycle());
        node.put("identity-weight", options.weights().identity());
        node.put("cam-weight", options.weights().cam());
        node.put("seed", options.seed());
        node.put("augment", options.augment());
        node.put("order", options.order().name().toLowerCase(Locale.ROOT));
        node.put("threads", threads);
        return node;
    }

    /**
     * With what older runs do not tell: they judged by least squares, averaged plainly and from round to round only, and their
     * data sets did not grow.
     */
    private static ObjectNode completed(ObjectNode training, JsonNode now) {
        ObjectNode whole = training.deepCopy();
        whole.putIfAbsent("moments", whole.textNode(MomentsPolicy.AVERAGE.name().toLowerCase(Locale.ROOT)));
        whole.putIfAbsent("outer-momentum", whole.numberNode(OuterUpdate.NONE.momentum()));
        whole.putIfAbsent("outer-lr", whole.numberNode(OuterUpdate.NONE.rate()));
        whole.putIfAbsent(ADV, whole.textNode(AdversarialLoss.LSGAN.toString()));
        whole.putIfAbsent(EMA, whole.numberNode(0.0));
        whole.putIfAbsent(DATA_VERSION, now.get(DATA_VERSION));
        whole.putIfAbsent(IMAGE_ORDER, now.get(IMAGE_ORDER));
        return whole;
    }

    private static void requireSame(TrainOptions options, JsonNode now, JsonNode before) {
        for (Iterator<Map.Entry<String, JsonNode>> fields = now.fields(); fields.hasNext();) {
            Map.Entry<String, JsonNode> field = fields.next();
            String old = before.path(field.getKey()).asText("nothing");
            if (!old.equals(field.getValue().asText())) {
                throw new InvalidRequestException(field.getKey().equals(IMAGES)
                        ? "--data " + options.data() + " holds other images than --run " + options.run()
                                + " was made with: give those, or another --run"
                        : field.getKey().equals(DATA_VERSION) || field.getKey().equals(IMAGE_ORDER)
                        ? "--data " + options.data() + " holds the images that --run " + options.run()
                                + " was made with in another order: give the data set it was made with, or another --run"
                        : option(field.getKey()) + " is " + field.getValue().asText() + ", but --run " + options.run() + " was made with "
                                + old + ": give that, or another --run");
            }
        }
    }

    /** Keys are options without hyphens before them, but for one; those of the networks are in camel case. */
    private static String option(String key) {
        return key.equals(EMA) ? "--ema" : "--" + key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Where the run is, for messages. */
    LastCheckpoint lastCheckpoint() {
        return lastCheckpoint(checkpoint);
    }

    private static LastCheckpoint lastCheckpoint(Optional<Checkpoint> checkpoint) {
        return new LastCheckpoint(checkpoint.map(Checkpoint::step));
    }

    /** What the checkpoint was computed with; empty for a new run, and for one of an older version. */
    Optional<String> kernels() {
        return checkpoint.map(Checkpoint::position).map(position -> position.path(KERNELS)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    /** Steps of every worker that the run has already. */
    long stepsDone() {
        return checkpoint.map(Checkpoint::step).orElse(0L);
    }

    /** Threads that one worker computes with: those of the run that is resumed, since the number decides the last bits. */
    int threads() {
        return config.get(TRAINING).get("threads").intValue();
    }
}
