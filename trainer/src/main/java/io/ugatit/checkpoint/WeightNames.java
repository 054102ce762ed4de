package io.ugatit.checkpoint;

import static io.ugatit.checkpoint.SafetensorsHeader.quoted;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.model.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file calls the networks' tensors. PyTorch's DataParallel puts {@code module.} in front of a network's keys, and a module of all
 * networks in front of their names: {@code genA2B.module.FC.0.weight} and {@code module.genA2B.FC.0.weight} are
 * {@code genA2B.FC.0.weight}.
 *
 * @param inFile names in the file by {@code NETWORK.KEY}
 * @param beginnings what the names of a network's tensors begin with in the file, for the networks that it holds
 * @param others names that are of no network
 */
record WeightNames(Map<String, String> inFile, Map<Network, String> beginnings, List<String> others) {
    private static final String MODULE = "module.";

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
        for (String name : names) {
            String unwrapped = unwrapped(name);
            Optional<Network> network = network(unwrapped);
            if (network.isEmpty()) {
                others.add(name);
                continue;
            }
            String key = unwrapped(unwrapped.substring(network.get().key().length() + 1));
            String twin = inFile.put(network.get().key() + "." + key, name);
            if (twin != null) {
                throw new InvalidRequestException(file + ": tensors " + quoted(twin) + " and " + quoted(name)
                        + " are the same without \"module.\": one of them must go");
            }
            String beginning = name.substring(0, name.length() - key.length());
            String before = beginnings.putIfAbsent(network.get(), beginning);
            if (before != null && !before.equals(beginning)) {
                throw new InvalidRequestException(file + ": tensor " + quoted(name) + " does not begin with " + quoted(before)
                        + " as others of " + network.get().key() + " do: all must begin alike");
            }
        }
        return new WeightNames(inFile, beginnings, others);
    }

    private static String unwrapped(String name) {
        String rest = name;
        while (rest.startsWith(MODULE)) {
            rest = rest.substring(MODULE.length());
        }
        return rest;
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
