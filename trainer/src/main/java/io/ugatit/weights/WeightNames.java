package io.ugatit.weights;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a file calls the networks' tensors. PyTorch's DataParallel puts {@code module.} in front of a network's keys, and a module of all
 * networks in front of their names; {@code torch.compile} likewise {@code _orig_mod.}: {@code genA2B.module.FC.0.weight} and
 * {@code module.genA2B.FC.0.weight} are {@code genA2B.FC.0.weight}. A generator's own state_dict has keys without a network; they are those
 * of either generator.
 *
 * @param inFile names in the file by {@code NETWORK.KEY}
 * @param beginnings what the names of a network's tensors begin with in the file, for the networks that it holds
 * @param others names that are of no network
 * @param bare whether the names are those of one generator without its name
 */
record WeightNames(Map<String, String> inFile, Map<Network, String> beginnings, List<String> others, boolean bare) {
    /** What DataParallel and {@code torch.compile} put in front. */
    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");
    /** A key that every generator of U-GAT-IT has. */
    private static final String FIRST_KEY = "DownBlock.1.weight";
    /** Keys of CycleGAN's generator, as its authors' PyTorch code names them. */
    private static final Pattern CYCLE_GAN = Pattern.compile("model\\.\\d+\\.(weight|bias|running_mean|running_var|num_batches_tracked|conv_block\\..*)");

    /**
     * Sorts a file's names.
     *
     * @param file for messages
     * @throws InvalidRequestException if two names are the same tensor, or a network's names do not all begin alike; one line
     */
    static WeightNames of(String file, Collection<String> names) {
        Map<String, String> inFile = new HashMap<>();
        Map<Network, String> beginnings = new EnumMap<>(Network.class);
        List<String> others = new ArrayList<>();
        if (names.stream().anyMatch(name -> unwrapped(name).equals(FIRST_KEY))) {
            return bare(file, names);
        }
        for (String name : names) {
            String unwrapped = unwrapped(name);
            Optional<Network> network = network(unwrapped);
            if (network.isEmpty()) {
                others.add(name);
                continue;
            }
            String key = unwrapped(unwrapped.substring(network.get().key().length() + 1));
            put(file, inFile, network.get().key() + "." + key, name);
            String beginning = name.substring(0, name.length() - key.length());
            String before = beginnings.putIfAbsent(network.get(), beginning);
            if (before != null && !before.equals(beginning)) {
                throw new InvalidRequestException(file + ": tensor " + quoted(name) + " does not begin with " + quoted(before)
                        + " as others of " + network.get().key() + " do: all must begin alike");
            }
        }
        return new WeightNames(inFile, beginnings, others, false);
    }

    private static WeightNames bare(String file, Collection<String> names) {
        Map<String, String> inFile = new HashMap<>();
        Map<Network, String> beginnings = new EnumMap<>(Network.class);
        String first = names.iterator().next();
        String beginning = first.substring(0, first.length() - unwrapped(first).length());
        for (Network generator : List.of(Network.GEN_A2B, Network.GEN_B2A)) {
            names.forEach(name -> put(file, inFile, generator.key() + "." + unwrapped(name), name));
            beginnings.put(generator, beginning);
        }
        return new WeightNames(inFile, beginnings, List.of(), true);
    }

    private static void put(String file, Map<String, String> inFile, String key, String name) {
        String twin = inFile.put(key, name);
        if (twin != null) {
            throw new InvalidRequestException(file + ": tensors " + quoted(twin) + " and " + quoted(name)
                    + " are the same without \"module.\": one of them must go");
        }
    }

    /** What stands before the networks' names, if they are in an outer dictionary. */
    Optional<String> outer() {
        for (String name : others) {
            for (String inner : List.of("." + Network.GEN_A2B.key() + ".", "." + FIRST_KEY)) {
                if (name.contains(inner)) {
                    return Optional.of(name.substring(0, name.indexOf(inner)));
                }
            }
        }
        return Optional.empty();
    }

    /** Which other network the names look like, for a message: empty if unknown. */
    String resembled() {
        return !others.isEmpty() && others.stream().allMatch(name -> CYCLE_GAN.matcher(unwrapped(name)).matches())
                ? ", as CycleGAN's generators have" : "";
    }

    private static String unwrapped(String name) {
        int begin = 0;
        int before = -1;
        while (begin != before) {
            before = begin;
            for (String wrapper : WRAPPERS) {
                begin += name.startsWith(wrapper, begin) ? wrapper.length() : 0;
            }
        }
        return name.substring(begin);
    }

    private static Optional<Network> network(String name) {
        for (Network network : Network.values()) {
            if (name.startsWith(network.key() + ".")) {
                return Optional.of(network);
            }
        }
        return Optional.empty();
    }

    boolean holds(Network network) {
        return beginnings.containsKey(network);
    }

    /**
     * A tensor's name in the file, or the one that it would have.
     *
     * @param name {@code NETWORK.KEY}
     */
    String of(String name) {
        String known = inFile.get(name);
        return known != null ? known
                : network(name).filter(this::holds)
                        .map(network -> beginnings.get(network) + name.substring(network.key().length() + 1)).orElse(name);
    }
}
