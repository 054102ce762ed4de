package io.ugatit.retrain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.cluster.TrainOptions;
import io.ugatit.evaluate.EvaluateOptions;
import io.ugatit.evaluate.EvaluateResult;
import io.ugatit.evaluate.FeatureExtractor;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.Options;
import io.ugatit.model.NetworkOptions;
import io.ugatit.prep.PrepOptions;
import io.ugatit.publish.Publishing;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a nightly cycle is told by its JSON file, an object with these keys:
 *
 * @param input folder of images, as {@code prep --input} takes it
 * @param workspace folder for data sets, runs and records; one job at a time may use it
 * @param size height and width of the images in pixels, 256 unless given
 * @param train words of the options of {@code train}: in the file an object of options without their hyphens in front, such as
 *     {@code {"steps": 20000, "no-augment": true}}
 * @param extractor what the evaluation compares; null for what {@code evaluate} compares unless told
 * @param tolerance share of the promoted run's KID by which the new run's may be worse, 0 to 1, 0.05 unless given
 * @param minTestImages test images that each domain must have at least for a run to be judged by them, 2 or more, 50 unless given
 * @param keep cycles whose runs and data sets stay, at least 1, 7 unless given
 */
record RetrainConf(String input, String workspace, int size, List<String> train, String extractor, double tolerance, int minTestImages,
        int keep) {
    /** Flags of train whose opposite has a name of its own; others that are off add no word. */
    private static final Map<String, String> OPPOSITES = Map.of("augment", "--no-augment", "light", "--full", "full", "--light");
    private static final int MAX_BYTES = 1 << 20;
    private static final int WEEK = 7;
    private static final String MIN_TEST_IMAGES = "min-test-images";
    private static final String KEEP = "keep";
    private static final Set<String> KEYS = new TreeSet<>(RetrainOptions.KEYS.keySet());
    /** The cycle's own business. */
    private static final Set<String> NOT_TO_TRAIN = Set.of("data", "run", "size", "resume");
    /** No bit of the result depends on these. */
    private static final Set<String> NOT_DECISIVE = Set.of("checkpoint-every", "keep", "chunk-bytes", "samples", "other-kernels", "mlflow",
            "mlflow-experiment");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Reads and checks a file.
     *
     * @param configuration finds the file's file system
     * @throws InvalidRequestException if the file is missing, no JSON object, or a value is missing, unknown, of a wrong type or refused by
     *     the job it is for; one line that names file and key
     * @throws JobFailedException if the file system fails
     */
    static RetrainConf read(Configuration configuration, String file) {
        try {
            Path path = new Path(file);
            FileStatus status = Publishing.fileSystem(configuration, path).getFileStatus(path);
            if (status.isDirectory() || status.getLen() > MAX_BYTES) {
                throw new InvalidRequestException("is " + (status.isDirectory() ? "a folder" : status.getLen() + " bytes long")
                        + ": must be a JSON file of at most " + MAX_BYTES + " bytes");
            }
            JsonNode json = JSON.readTree(Publishing.read(configuration, path, MAX_BYTES));
            return parse(json);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException("--conf is " + file + ": " + e.getMessage(), e);
        } catch (FileNotFoundException | IllegalArgumentException e) {
            throw new InvalidRequestException("--conf is " + file + ": there is no such file", e);
        } catch (JacksonException e) {
            throw new InvalidRequestException("--conf is " + file + ": is not JSON: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw new InvalidRequestException("--conf is " + file + ": is not JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new JobFailedException("cannot read " + file + ": " + e.getMessage() + "; nothing was written", e);
        }
    }

    private static RetrainConf parse(JsonNode json) {
        if (!json.isObject()) {
            throw new InvalidRequestException("must hold a JSON object with the keys " + String.join(", ", KEYS));
        }
        json.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new InvalidRequestException("unknown key '" + key + "': the keys are " + String.join(", ", KEYS));
            }
        });
        JsonNode tolerance = json.path(CycleOptions.TOLERANCE);
        if (!tolerance.isMissingNode() && !(tolerance.isNumber() && tolerance.doubleValue() >= 0 && tolerance.doubleValue() <= 1)) {
            throw new InvalidRequestException("tolerance is " + tolerance + ": must be a number from 0 to 1");
        }
        RetrainConf conf = new RetrainConf(text(json, "input"), text(json, "workspace"),
                number(json, "size", Integer.MIN_VALUE, 256), words(json.path("train")),
                json.has(CycleOptions.EXTRACTOR) ? text(json, CycleOptions.EXTRACTOR) : null,
                tolerance.asDouble(0.05), number(json, MIN_TEST_IMAGES, 2, EvaluateResult.ENOUGH_IMAGES), number(json, KEEP, 1, WEEK));
        // the jobs' own records check the rest now, before anything is done
        conf.prep("DATASET");
        conf.training("DATASET", "RUN", 1);
        conf.evaluation("RUN", "DATASET", "FEATURES");
        return conf;
    }

    private static int number(JsonNode json, String key, int least, int otherwise) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !(value.isInt() && value.intValue() >= least)) {
            throw new InvalidRequestException(key + " is " + value + ": must be a whole number"
                    + (least == Integer.MIN_VALUE ? "" : " from " + least));
        }
        return value.asInt(otherwise);
    }

    private static String text(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new InvalidRequestException(key + " is " + (value.isMissingNode() ? "missing" : value) + ": must be a string");
        }
        return value.textValue();
    }

    private static List<String> words(JsonNode train) {
        if (!train.isMissingNode() && !train.isObject()) {
            throw new InvalidRequestException("train is " + train + ": must be an object of options of the train command");
        }
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, JsonNode> option : train.properties()) {
            String key = "train." + option.getKey();
            JsonNode value = option.getValue();
            if (NOT_TO_TRAIN.contains(option.getKey())) {
                throw new InvalidRequestException(key + " is not to be given here: "
                        + (option.getKey().equals("size") ? "size stands beside train" : "every cycle has its own"));
            }
            if (value.isTextual() || value.isNumber()) {
                words.add("--" + option.getKey() + "=" + value.asText());
            } else if (value.isBoolean()) {
                words.addAll(flag(key, option.getKey(), value));
            } else {
                throw new InvalidRequestException(key + " is " + value + ": must be a number, a string, true or false");
            }
        }
        return words;
    }

    /** One that is off adds no word, by which train would see that it wants a value, or that there is none. */
    private static List<String> flag(String key, String name, JsonNode value) {
        String word = "--" + name;
        CommandSpec train = Options.spec(TrainOptions.class);
        OptionSpec option = train.optionsMap().getOrDefault(word, train.negatedOptionsMap().get(word));
        if (option != null && option.arity().max() > 0) {
            throw new InvalidRequestException(key + " is " + value + ": must be a number or a string");
        }
        if (option == null || value.booleanValue()) {
            return List.of(word);
        }
        return OPPOSITES.containsKey(name) ? List.of(OPPOSITES.get(name)) : List.of();
    }

    /** What prep is to do. */
    PrepOptions prep(String dataset) {
        return Options.parse(PrepOptions.class, "--input", input, "--output", dataset, "--size", String.valueOf(size),
                "--mirror"); // what is in the input now, and nothing else
    }

    /**
     * What the training is to do.
     *
     * @param cycle becomes the seed unless the file gives one, so that every night draws the images in another order
     */
    TrainOptions training(String dataset, String run, int cycle) {
        try {
            return Options.parse(TrainOptions.class, words(dataset, run, cycle));
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException("train: " + e.getMessage(), e);
        }
    }

    private String[] words(String dataset, String run, int cycle) {
        List<String> all = new ArrayList<>(List.of("--data", dataset, "--run", run, "--size", String.valueOf(size)));
        all.addAll(train);
        if (!hasSeed()) {
            all.add("--seed=" + cycle);
        }
        return all.toArray(String[]::new);
    }

    private boolean hasSeed() {
        return train.stream().anyMatch(word -> word.startsWith("--seed="));
    }

    /**
     * What decides a cycle's result, besides its images and the run it begins with.
     *
     * @param others sizes of the networks where the file says nothing
     */
    CycleOptions options(NetworkOptions others) {
        Map<String, String> options = new TreeMap<>();
        for (OptionSpec option : Options.parse(Options.spec(TrainOptions.class), words("DATASET", "RUN", 1)).commandSpec().options()) {
            options.put("train." + option.longestName().substring(2), spelling(option.getValue()));
        }
        NOT_TO_TRAIN.forEach(name -> options.remove("train." + name));
        NOT_DECISIVE.forEach(name -> options.remove("train." + name));
        if (!hasSeed()) {
            options.put("train.seed", "the cycle's number");
        }
        TrainOptions training = training("DATASET", "RUN", 1);
        options.put("train.evaluate-extractor", training.evaluation().extractor()); // also where nobody named it
        NetworkOptions network = training.network().orElse(others);
        options.put("size", String.valueOf(network.size()));
        options.put("train.ch", String.valueOf(network.ch()));
        options.put("train.res-blocks", String.valueOf(network.resBlocks()));
        options.remove("train.light"); // full says it
        options.put("train.full", String.valueOf(network.full()));
        options.put("train.global-layers", String.valueOf(network.globalLayers()));
        options.put("train.local-layers", String.valueOf(network.localLayers()));
        options.put(CycleOptions.EXTRACTOR, judgedBy());
        options.put(CycleOptions.TOLERANCE, String.valueOf(tolerance));
        return new CycleOptions(options);
    }

    /** As the command line has it. */
    private static String spelling(Object value) {
        return String.valueOf(value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-') : value);
    }

    /** The name of the extractor by which both runs are judged. */
    String judgedBy() {
        return extractor == null ? FeatureExtractor.standard() : extractor;
    }

    /** The options without those that were not asked for by name where another version of the program may have chosen otherwise. */
    CycleOptions named(CycleOptions options) {
        return extractor == null ? options.without(CycleOptions.EXTRACTOR) : options;
    }

    /** What the evaluation of a run is to do. @param features where those of the real images are kept */
    EvaluateOptions evaluation(String run, String dataset, String features) {
        List<String> words = new ArrayList<>(List.of("--run", run, "--data", dataset, "--features", features, "--" + CycleOptions.EXTRACTOR, judgedBy()));
        train.stream().filter(word -> word.startsWith("--kernels=") || word.startsWith("--precision=")).forEach(words::add);
        return Options.parse(EvaluateOptions.class, words.toArray(String[]::new));
    }
}
