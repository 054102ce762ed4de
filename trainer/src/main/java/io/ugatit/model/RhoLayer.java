package io.ugatit.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer of a generator that mixes instance norm and layer norm by its learned rho: at 1 it normalises each channel by itself, which keeps
 * the source's shapes; at 0 all channels together, which lets them change.
 *
 * @param generator whose layer it is
 * @param adaptive whether it is an AdaLIN, of a residual block, and not a LIN of the upsampling
 * @param part number of the residual block, from 1; of a LIN its number in the upsampling, as in its key
 * @param norm 1 or 2, of the block's two; 0 of a LIN
 */
public record RhoLayer(Network generator, boolean adaptive, int part, int norm) {
    private static final Pattern ADAPTIVE = Pattern.compile("UpBlock1_(\\d{1,4})\\.norm([12])\\.rho");
    private static final Pattern UPSAMPLING = Pattern.compile("UpBlock2\\.(\\d{1,4})\\.rho");
    /** As the layers follow each other. */
    private static final Comparator<RhoLayer> ORDER = Comparator.comparing(RhoLayer::generator)
            .thenComparing(layer -> !layer.adaptive).thenComparingInt(RhoLayer::part).thenComparingInt(RhoLayer::norm);

    /**
     * The layer whose rho a parameter is.
     *
     * @param parameter {@code NET.KEY} as in files
     * @return empty if it is none
     */
    public static Optional<RhoLayer> of(String parameter) {
        for (Network generator : List.of(Network.GEN_A2B, Network.GEN_B2A)) {
            if (parameter.startsWith(generator.key() + ".")) {
                String key = parameter.substring(generator.key().length() + 1);
                Matcher adaptive = ADAPTIVE.matcher(key);
                if (adaptive.matches()) {
                    return Optional.of(new RhoLayer(generator, true, Integer.parseInt(adaptive.group(1)),
                            Integer.parseInt(adaptive.group(2))));
                }
                Matcher upsampling = UPSAMPLING.matcher(key);
                if (upsampling.matches()) {
                    return Optional.of(new RhoLayer(generator, false, Integer.parseInt(upsampling.group(1)), 0));
                }
            }
        }
        return Optional.empty();
    }

    /** The parameter that holds its rho, {@code NET.KEY}. */
    public String parameter() {
        return generator.key() + "." + (adaptive ? "UpBlock1_" + part + ".norm" + norm : "UpBlock2." + part) + ".rho";
    }

    /**
     * All such layers among parameters, in the order in which an image passes them.
     *
     * @param parameters by {@code NET.KEY}
     * @return with their rho, the same arrays
     */
    public static Map<RhoLayer, INDArray> among(Map<String, INDArray> parameters) {
        List<RhoLayer> layers = new ArrayList<>();
        parameters.keySet().forEach(parameter -> of(parameter).ifPresent(layers::add));
        layers.sort(ORDER);
        Map<RhoLayer, INDArray> among = new LinkedHashMap<>();
        layers.forEach(layer -> among.put(layer, parameters.get(layer.parameter())));
        return among;
    }
}
