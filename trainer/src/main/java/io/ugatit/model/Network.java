package io.ugatit.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The six networks of a training, in the order of their parameters, under the authors' names. */
public enum Network {
    /** Translates A to B. */
    GEN_A2B("genA2B", Kind.GENERATOR),
    /** Translates B to A. */
    GEN_B2A("genB2A", Kind.GENERATOR),
    /** Tells images of A from translations, looking at the whole. */
    DIS_GLOBAL_A("disGA", Kind.GLOBAL_DISCRIMINATOR),
    /** Tells images of B from translations, looking at the whole. */
    DIS_GLOBAL_B("disGB", Kind.GLOBAL_DISCRIMINATOR),
    /** Tells images of A from translations, looking at patches. */
    DIS_LOCAL_A("disLA", Kind.LOCAL_DISCRIMINATOR),
    /** Tells images of B from translations, looking at patches. */
    DIS_LOCAL_B("disLB", Kind.LOCAL_DISCRIMINATOR);

    private final String key;
    private final Kind kind;

    Network(String key, Kind kind) {
        this.key = key;
        this.kind = kind;
    }

    /** The three kinds of networks. */
    public enum Kind { GENERATOR, GLOBAL_DISCRIMINATOR, LOCAL_DISCRIMINATOR }

    /** The authors' name: the prefix of its parameters' names in files. */
    public String key() {
        return key;
    }

    /** The names of all six. */
    public static List<String> keys() {
        return Stream.of(values()).map(Network::key).toList();
    }

    /** Whether a parameter is one of a generator. @param name in files, {@code NET.KEY} */
    public static boolean isOfGenerator(String name) {
        return Stream.of(values()).anyMatch(network -> network.kind == Kind.GENERATOR && name.startsWith(network.key + "."));
    }

    /** What it is. */
    public Kind kind() {
        return kind;
    }

    /**
     * The shapes of its parameters, power-iteration vectors included, under {@code NET.KEY} as files name them.
     *
     * @param options sizes of the networks
     * @return a new map in the order of the network's flat vector
     */
    public Map<String, long[]> parameterShapes(NetworkOptions options) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        ParameterSpecs.of(this, options).forEach(spec -> shapes.put(key + "." + spec.key(), spec.shape().clone()));
        return shapes;
    }
}
