package io.ugatit.evaluate;

import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunConfig;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.ImageDataset;
import io.ugatit.dataset.Split;
import io.ugatit.evaluate.distance.FeatureSet;
import io.ugatit.evaluate.distance.KernelDistance;
import io.ugatit.evaluate.distance.Realism;
import io.ugatit.evaluate.distance.SlicedDistance;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Packed;
import io.ugatit.job.PathOption;
import io.ugatit.job.Progress;
import io.ugatit.job.Slots;
import io.ugatit.job.WatchedJob;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.generator.GeneratorSource;
import io.ugatit.translate.generator.Translator;
import io.ugatit.translate.generator.TranslatorPool;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Judges a checkpoint of a run by a data set's test images: translates them both ways in Spark tasks, compares features of the
 * translations with those of the real images of the target domain (KID, FID, MIND), and measures the cycle and identity errors. The
 * untranslated images' distances are the yardstick. The same bits come out on any number of tasks.
 *
 * <p>An executor holds both generators' parameters once, and the activations of an image for each slot. The driver holds two vectors of
 * features for each test image: 2 KB with {@code random-conv}, 16 KB with {@code inception}. Those of the real images are kept in
 * {@code RUN/evaluation/features}, or a folder of the user's, for the next evaluation.
 */
public final class EvaluateJob {
    private static final String SAFE = "the run is untouched; start the job again";
    private static final int FEWEST_SLOTS = 2;
    private static final int TASKS_PER_SLOT = 4;
    private static final int FEWEST_IMAGES = 2;

    private final JavaSparkContext spark;
    private final Configuration configuration;
    private final EvaluateOptions options;
    private final PrintStream out;

    /**
     * A job that prints its progress on stdout.
     *
     * @param spark the session to run in
     * @param options what is asked for
     */
    public EvaluateJob(SparkSession spark, EvaluateOptions options) {
        this(spark, options, System.out);
    }

    /**
     * A job that prints its progress elsewhere.
     *
     * @param spark the session to run in
     * @param options what is asked for
     * @param out where progress lines and warnings go
     */
    public EvaluateJob(SparkSession spark, EvaluateOptions options, PrintStream out) {
        this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.configuration = this.spark.hadoopConfiguration();
        this.options = options;
        this.out = out;
    }

    /**
     * Evaluates, and publishes the result as {@code RUN/evaluation/step-NNNNNNNN-EXTRACTOR.json}, in place of one that is there; before it
     * the figures of every image ({@code -images.jsonl}), and the worst and best of them ({@code -extremes.jsonl}).
     *
     * @throws InvalidRequestException if run and data set are not what they must be or do not go together; nothing was written then
     * @throws JobFailedException if the network's output is not finite, with a {@link io.ugatit.model.DivergedException} among its causes,
     *     or a task or file system fails, or the checkpoint was pruned meanwhile; the run is untouched then
     */
    public EvaluateResult run() {
        return run(() -> ImageDataset.open(options.data(), configuration));
    }

    /**
     * Evaluates on a version of the data set that is open already, whatever versions it has got since.
     *
     * @param dataset in the place of the one that the options name
     * @throws InvalidRequestException as {@link #run()}
     * @throws JobFailedException as {@link #run()}
     */
    public EvaluateResult run(ImageDataset dataset) {
        return run(() -> dataset);
    }

    private EvaluateResult run(Supplier<ImageDataset> opened) {
        if (spark.isLocal()) {
            options.kernels().requireHere();
        }
        RunDirectory run = RunDirectory.open(options.run(), configuration);
        Path kept = options.features() == null ? run.features() : PathOption.folder(configuration, "--features", options.features());
        NetworkOptions network = RunConfig.network(run);
        options.kernels().requireReach(network.largestMapBytes(1));
        ImageDataset dataset = opened.get();
        requireFits(dataset, network);
        Checkpoint checkpoint = options.checkpoint().find(new CheckpointStore(run), out::println);
        Path parameters = options.checkpoint().generators(checkpoint);
        try {
            ExtractorSource source = ExtractorSource.of(options, configuration);
            Pairs pairs = options.pairs() ? Pairs.byName(dataset, configuration) : Pairs.none();
            FeatureExtractor extractor = source.open(configuration);
            FeatureRoom.of(spark.getConf()).require((long) count(dataset, Domain.A) + count(dataset, Domain.B), extractor.dimension());
            Generators generators = new Generators(
                    GeneratorSource.of(configuration, parameters, Network.GEN_A2B, network),
                    GeneratorSource.of(configuration, parameters, Network.GEN_B2A, network));
            load(generators);
            String images = dataset.manifest().contentHash() + " in the order " + dataset.manifest().orderHash();
            FeatureCache cache = new FeatureCache(configuration, kept, images, extractor, out::println);
            Map<Domain, float[][]> real = known(dataset, cache);
            List<Measured> measured = measure(dataset, generators, source, Set.copyOf(real.keySet()), pairs);
            complete(real, measured, dataset, cache);
            if (options.pairs() && measured.stream().allMatch(image -> image.translation() == null)) {
                out.println("--pairs: none of the images that --max-images draws has a partner, so no pairs are compared");
            }
            EvaluateResult result = judge(checkpoint.step(), dataset, extractor, measured, real);
            if (options.checkpoint().noEma() && checkpoint.hasAverages()) {
                return result; // evaluation/ speaks of the generators that translate
            }
            Removal.asFarAsPossible(() -> Removal.removeAbandoned(configuration, run.evaluation()));
            String name = String.format(Locale.ROOT, "step-%08d-%s", checkpoint.step(), options.extractor());
            tellOfImages(new Path(run.evaluation(), name), dataset, generators, measured, real);
            Publishing.write(configuration, new Path(run.evaluation(), name + ".json"), (result.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            return result;
        } catch (InvalidRequestException | IOException e) {
            if (checkpoint.isPruned(e)) {
                throw new JobFailedException("cannot evaluate " + options.run() + ": " + checkpoint + " was pruned meanwhile; " + SAFE, e);
            }
            if (e instanceof InvalidRequestException refusal) {
                throw refusal;
            }
            throw new JobFailedException("cannot evaluate " + options.run() + ": " + FileFailure.reason(e) + "; " + SAFE, e);
        } finally {
            TranslatorPool.SHARED.freeUnused();
        }
    }

    private void requireFits(ImageDataset dataset, NetworkOptions network) {
        if (dataset.manifest().size() != network.size()) {
            throw new InvalidRequestException("--data " + options.data() + " is prepared for --size " + dataset.manifest().size()
                    + ", but --run " + options.run() + " has " + network.size() + ": prepare the images with --size " + network.size());
        }
        for (Domain domain : Domain.values()) {
            long count = dataset.count(domain, Split.TEST);
            if (count < FEWEST_IMAGES) {
                throw new InvalidRequestException("--data " + options.data() + " has " + (count == 0 ? "no test images" : "one test image")
                        + " of domain " + domain + ": needs at least " + FEWEST_IMAGES + " in test" + domain);
            }
        }
    }

    /** Reads the parameters once, so that damaged ones are found before any task is started. */
    private void load(Generators generators) throws IOException {
        KernelChoice kernels = KernelChoice.orFastest(options.kernels());
        Translator first = TranslatorPool.SHARED.borrow(configuration, generators.a2b(), kernels);
        try {
            TranslatorPool.SHARED.giveBack(generators.b2a(), kernels, TranslatorPool.SHARED.borrow(configuration, generators.b2a(), kernels));
        } finally {
            TranslatorPool.SHARED.giveBack(generators.a2b(), kernels, first);
        }
    }

    private int count(ImageDataset dataset, Domain domain) {
        return (int) Math.min(options.maxImages(), dataset.count(domain, Split.TEST));
    }

    /** The real images' features, of the domains of which they are kept. */
    private Map<Domain, float[][]> known(ImageDataset dataset, FeatureCache cache) {
        Map<Domain, float[][]> known = new EnumMap<>(Domain.class);
        for (Domain domain : Domain.values()) {
            cache.read(domain, count(dataset, domain), dataset.count(domain, Split.TEST)).ifPresent(real -> known.put(domain, real));
        }
        return known;
    }

    /** Adds the real images' features that were not known, and keeps them for the next evaluation. */
    private void complete(Map<Domain, float[][]> real, List<Measured> measured, ImageDataset dataset, FeatureCache cache) {
        for (Domain domain : Domain.values()) {
            if (!real.containsKey(domain)) {
                real.put(domain, of(domain, measured, dataset).stream().map(Measured::real).toArray(float[][]::new));
                cache.write(domain, dataset.count(domain, Split.TEST), real.get(domain));
            }
        }
    }

    private List<Measured> of(Domain domain, List<Measured> measured, ImageDataset dataset) {
        int a = count(dataset, Domain.A);
        return domain == Domain.A ? measured.subList(0, a) : measured.subList(a, measured.size());
    }

    /** Every image of A, then every one of B. */
    private List<Measured> measure(ImageDataset dataset, Generators generators, ExtractorSource extractor, Set<Domain> known, Pairs pairs) {
        List<Packed<Slice>> slices = new ArrayList<>();
        int images = 0;
        int slots = Math.max(FEWEST_SLOTS, Slots.here(spark.sc())); // none where executors come as tasks wait for them
        for (Domain domain : Domain.values()) {
            int count = count(dataset, domain);
            Slice.cut(domain, count, dataset.count(domain, Split.TEST), TASKS_PER_SLOT * slots)
                    .forEach(slice -> slices.add(Packed.of(slice)));
            images += count;
        }
        Broadcast<SerializableConfiguration> hadoop = spark.broadcast(new SerializableConfiguration(configuration));
        try {
            List<Packed<ArrayList<Measured>>> results = new ArrayList<>(WatchedJob.collect(spark, new Progress("evaluate", images, "images",
                    out, System::nanoTime), SAFE, done -> spark.parallelize(slices, slices.size())
                            .map(new MeasureTask(hadoop, dataset, generators, extractor, known, pairs, options.kernels(), done))));
            List<Measured> measured = new ArrayList<>(images);
            for (int i = 0; i < results.size(); i++) { // each packed result goes when it is unpacked: there is no room for all features twice
                measured.addAll(results.set(i, null).get());
            }
            return measured;
        } finally {
            hadoop.destroy();
        }
    }

    private EvaluateResult judge(long step, ImageDataset dataset, FeatureExtractor extractor, List<Measured> measured,
            Map<Domain, float[][]> features) {
        List<Measured> a = of(Domain.A, measured, dataset);
        List<Measured> b = of(Domain.B, measured, dataset);
        FeatureSet realA = new FeatureSet(features.get(Domain.A));
        FeatureSet realB = new FeatureSet(features.get(Domain.B));
        Draws random = new Draws(options.kidSubsets(), Math.min(options.kidSubsetSize(), Math.min(a.size(), b.size())),
                SlicedDistance.DIRECTIONS, options.seed());
        Untranslated untranslated = new Untranslated(Distances.between(realA, realB, random), pairs(a, Measured::untranslated));
        return new EvaluateResult(step, extractor.name(), extractor.comparable(), extractor.resize(), extractor.weights().orElse(null),
                dataset.manifest().contentHash(), a.size(), b.size(), random, scores(a, b, realA, realB, random),
                scores(b, a, realB, realA, random), untranslated);
    }

    /** Publishes the table of the images, and the worst and best of them. @param name of the files, without what tells them apart */
    private void tellOfImages(Path name, ImageDataset dataset, Generators generators, List<Measured> measured, Map<Domain, float[][]> real)
            throws IOException {
        List<ImageScores> all = new ArrayList<>();
        Extremes extremes = new Extremes(configuration, dataset, KernelChoice.orFastest(options.kernels()));
        for (Domain domain : Domain.values()) {
            List<Measured> images = of(domain, measured, dataset);
            List<ImageScores> scores = ImageScores.of(domain, images, Realism.of(translated(images),
                    new FeatureSet(real.get(domain.other()))));
            extremes.draw(domain, scores, generators);
            all.addAll(scores);
        }
        ImageScores.publish(configuration, name.suffix("-images.jsonl"), all);
        extremes.publish(name.suffix("-extremes.jsonl"));
    }

    private static FeatureSet translated(List<Measured> source) {
        return new FeatureSet(source.stream().map(Measured::translated).toArray(float[][]::new));
    }

    private static DirectionScores scores(List<Measured> source, List<Measured> target, FeatureSet realSource, FeatureSet realTarget,
            Draws random) {
        FeatureSet translated = translated(source);
        return new DirectionScores(Distances.between(translated, realTarget, random), KernelDistance.between(translated, realSource).value(),
                mean(source, Measured::cycleL1), mean(target, Measured::identityL1), pairs(source, Measured::translation));
    }

    private static PairScores pairs(List<Measured> measured, Function<Measured, Likeness> likeness) {
        return PairScores.mean(measured.stream().map(likeness).filter(Objects::nonNull).toList());
    }

    private static double mean(List<Measured> measured, ToDoubleFunction<Measured> value) {
        return measured.stream().mapToDouble(value).average().orElseThrow();
    }
}
