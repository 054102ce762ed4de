package io.ugatit.weights;

import static io.ugatit.job.Untrusted.quoted;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Untrusted;
import io.ugatit.model.Network;
import io.ugatit.model.NetworkOptions;
import io.ugatit.publish.Publishing;
import io.ugatit.safetensors.SafetensorsFile;
import io.ugatit.safetensors.TensorFile;
import io.ugatit.safetensors.TensorInfo;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.weights.torch.TorchFile;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A file with the parameters of one or more of the six networks, as safetensors or as PyTorch's {@code torch.save} writes them, whatever the
 * file is called: under the authors' keys prefixed by the network, {@code genA2B.DownBlock.1.weight}, or one generator's without a prefix,
 * with or without DataParallel's {@code module.}. The networks' sizes follow from the tensors' shapes. Not thread-safe.
 */
public final class WeightsFile implements Closeable {
    /** What a generator alone leaves open: it says nothing of discriminators, so the smallest there are. */
    private static final int SMALLEST_LAYERS = 3;

    /** More than networks have of a kind. */
    private static final int MOST_LAYERS = 64;

    /** What {@code export} says in a safetensors file of one generator: which. */
    public static final String NETWORK = "network";
    /** What {@code export} says in every safetensors file: height and width of the images. */
    private static final String SIZE = "network.size";

    private static final String SPECTRAL = "weight_orig";
    private final TensorFile file;
    private final WeightNames names;

    private WeightsFile(TensorFile file, WeightNames names) {
        this.file = file;
        this.names = names;
    }

    /**
     * Opens a file and checks what it says of its tensors.
     *
     * @param configuration finds the path's file system
     * @param path the file
     * @throws InvalidRequestException if there is no such file, it is no whole safetensors file nor one of PyTorch, or a tensor has two names
     * @throws IOException if the file system fails
     */
    public static WeightsFile open(Configuration configuration, Path path) throws IOException {
        TensorFile file = tensors(configuration, path);
        try {
            return new WeightsFile(file, WeightNames.of(path.toString(), file.tensors().keySet()));
        } catch (InvalidRequestException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Opens a file of any network's tensors, as safetensors or as PyTorch writes them.
     *
     * @throws InvalidRequestException if there is no such file, or it is no whole file of either kind
     * @throws IOException if the file system fails
     */
    public static TensorFile tensors(Configuration configuration, Path path) throws IOException {
        return isTorchs(configuration, path) ? TorchFile.open(configuration, path) : SafetensorsFile.open(configuration, path);
    }

    /** By the file's first bytes; by its name if they are those of neither. */
    private static boolean isTorchs(Configuration configuration, Path path) throws IOException {
        byte[] beginning = new byte[Long.BYTES + 1];
        try (FSDataInputStream in = Publishing.fileSystem(configuration, path).open(path)) {
            if (in.readNBytes(beginning, 0, beginning.length) == beginning.length) {
                if (beginning[Long.BYTES] == '{' && beginning[Long.BYTES - 1] == 0) { // a header's length, and its first letter
                    return false;
                }
                if (TorchFile.looksLike(beginning)) {
                    return true;
                }
            }
        } catch (FileNotFoundException e) { // no such file, or a folder: said by whoever opens it
            return false;
        }
        return path.getName().matches(".*\\.(pt|pth|ckpt)");
    }

    /** Whether it holds one generator without its name, which may be either. */
    public boolean isBare() {
        return names.bare();
    }

    /** Which generator it is that a file holds without its name, if {@code export} has written the file. */
    public Optional<Network> bareGenerator() {
        String told = isBare() ? metadata().get(NETWORK) : null;
        return Stream.of(Network.values()).filter(network -> network.kind() == Network.Kind.GENERATOR && network.key().equals(told)).findFirst();
    }

    private Map<String, String> metadata() {
        return file instanceof SafetensorsFile safetensors ? safetensors.metadata() : Map.of();
    }

    /**
     * The sizes of all six networks. Afterwards it is certain that the file holds their parameters, and a safetensors file nothing else.
     *
     * @param size height and width of the images, which full generators and files of {@code export} tell; null for what they say, else 256
     * @throws InvalidRequestException if a network or tensor is missing, one too many or of a wrong shape; one line that names it
     */
    public NetworkOptions allNetworks(Integer size) {
        requireAll();
        if (file instanceof SafetensorsFile) { // PyTorch's users put optimizers and more beside the networks
            requireNoOthers();
        }
        NetworkOptions options = sizes(Network.GEN_A2B, size, layers(Network.DIS_GLOBAL_A), layers(Network.DIS_LOCAL_A));
        for (Network network : Network.values()) {
            check(network, options);
        }
        return options;
    }

    /**
     * The sizes of one generator; the layers of the discriminators mean nothing. Afterwards it is certain that the file holds exactly its
     * parameters; tensors of other networks may be there too.
     *
     * @param generator one of the two
     * @param size as for {@link #allNetworks}
     * @throws InvalidRequestException if the generator or a tensor of it is missing, or a tensor is one too many or of a wrong shape; one
     *     line that names it
     */
    public NetworkOptions generator(Network generator, Integer size) {
        if (!names.holds(generator)) {
            List<String> held = keys(names::holds);
            requireSome();
            throw new InvalidRequestException(file.path() + ": holds no " + generator.key() + ", which is needed to translate in this"
                    + " direction; it holds " + String.join(", ", held));
        }
        NetworkOptions options = sizes(generator, size, SMALLEST_LAYERS, SMALLEST_LAYERS);
        check(generator, options);
        return options;
    }

    /**
     * Checks that the file holds exactly the parameters of a network; tensors of other networks may be there too.
     *
     * @throws InvalidRequestException if a tensor is missing, one too many or of a wrong shape; one line that names it
     */
    public void check(Network network, NetworkOptions options) {
        Map<String, long[]> expected = network.parameterShapes(options);
        expected.forEach((name, shape) -> file.check(names.of(name), shape));
        Set<String> tooMany = new HashSet<>(names.inFile().keySet());
        tooMany.removeAll(expected.keySet());
        tooMany.stream().filter(name -> name.startsWith(network.key() + ".")).sorted().findFirst().ifPresent(name -> {
            throw new InvalidRequestException(file.path() + ": tensor " + quoted(names.of(name)) + " "
                    + Arrays.toString(file.tensors().get(names.of(name)).shape()) + " is one too many: " + network.key() + " has none of this name");
        });
    }

    /**
     * Fills arrays with the tensors of their names, without a copy in between.
     *
     * @param destinations arrays by {@code NET.KEY}, as {@link TensorFile#read} takes them
     * @throws InvalidRequestException if a tensor is missing or of another shape, or holds values that are not finite; one line that names
     *     it, and the arrays may be partly filled then
     * @throws IOException if the file system fails; the arrays may be partly filled then
     */
    public void read(Map<String, INDArray> destinations) throws IOException {
        for (Map.Entry<String, INDArray> destination : destinations.entrySet()) {
            String name = names.of(destination.getKey());
            file.read(name, destination.getValue());
            if (!new FloatMemory(name, destination.getValue()).isFinite()) {
                throw new InvalidRequestException(file.path() + ": tensor " + quoted(name)
                        + " holds values that are infinite or not a number");
            }
        }
    }

    /**
     * What else is in the file: the first words of names that are of no network, such as that of an optimizer.
     *
     * @return sorted
     */
    public Set<String> others() {
        return names.others().stream().map(name -> Untrusted.oneLine(name.substring(0, (name + ".").indexOf('.')))).collect(Collectors.toCollection(TreeSet::new));
    }

    /** @throws InvalidRequestException if none of the networks is there */
    private void requireSome() {
        if (keys(names::holds).isEmpty()) {
            names.outer().ifPresent(outer -> {
                throw new InvalidRequestException(file.path() + ": the networks are deeper in it, under " + quoted(outer)
                        + ": save that dictionary alone");
            });
            List<String> first = names.others().stream().limit(3).map(Untrusted::quoted).toList();
            throw new InvalidRequestException(file.path() + ": is of another network than U-GAT-IT's, with "
                    + (first.isEmpty() ? "no tensors" : "keys such as " + String.join(", ", first) + names.resembled())
                    + "; expected NETWORK.KEY, such as genA2B.DownBlock.1.weight, of the networks " + String.join(", ", Network.keys()));
        }
    }

    private void requireAll() {
        requireSome();
        if (names.bare()) {
            throw new InvalidRequestException(file.path() + ": holds one generator without its name; translate takes it as --weights, import"
                    + " needs all six networks, with keys such as genA2B.DownBlock.1.weight");
        }
        List<String> missing = keys(network -> !names.holds(network));
        if (!missing.isEmpty()) {
            boolean generators = !keys(network -> network.kind() == Network.Kind.GENERATOR && names.holds(network)).isEmpty();
            boolean discriminators = !keys(network -> network.kind() != Network.Kind.GENERATOR && names.holds(network)).isEmpty();
            throw new InvalidRequestException(file.path() + ": " + (discriminators ? "" : "no discriminators in the file: ")
                    + (generators ? "translate takes it as --weights, " : "") + "import needs all six networks, and "
                    + String.join(", ", missing) + (missing.size() == 1 ? " is" : " are") + " missing");
        }
    }

    private void requireNoOthers() {
        names.others().stream().findFirst().ifPresent(name -> {
            throw new InvalidRequestException(file.path() + ": tensor " + quoted(name) + " is of none of the networks "
                    + String.join(", ", Network.keys()) + ": names must be NETWORK.KEY, such as genA2B.DownBlock.1.weight");
        });
    }

    private static List<String> keys(Predicate<Network> wanted) {
        return Stream.of(Network.values()).filter(wanted).map(Network::key).toList();
    }

    private NetworkOptions sizes(Network generator, Integer size, int globalLayers, int localLayers) {
        int ch = (int) shape(generator, "DownBlock.1.weight", "(ch, 3, 7, 7)", 4)[0];
        int blocks = count(generator, "DownBlock.%d.conv_block.1.weight", 12, 1);
        long[] first = shape(generator, "FC.0.weight", "(4 ch, inputs)", 2);
        boolean light = first[1] == first[0];
        int side = light ? lightSize(size) : fullSize(generator, first, size);
        try {
            return new NetworkOptions(side, ch, blocks, light, !light, globalLayers, localLayers);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(file.path() + ": the tensors' shapes ask for networks that are not possible, or not at this"
                    + " image size: " + e.getMessage(), e);
        }
    }

    /** A full generator's first linear layer takes every value of a map of a quarter of the image's side. */
    private int fullSize(Network generator, long[] firstLayer, Integer asked) {
        long side = firstLayer[0] == 0 ? 0 : Math.round(Math.sqrt((double) firstLayer[1] / firstLayer[0]));
        if (side < 1 || side > NetworkOptions.DEFAULT.size() * 8L || side * side * firstLayer[0] != firstLayer[1]) {
            throw new InvalidRequestException(file.path() + ": tensor " + quoted(names.of(generator.key() + ".FC.0.weight"))
                    + " has shape " + Arrays.toString(firstLayer) + ", expected (4 ch, 4 ch) in a light model"
                    + " or (4 ch, 4 ch x (size/4)^2) in a full one");
        }
        if (asked != null && asked != 4 * side) {
            throw new InvalidRequestException("--size is " + asked + ": " + file.path() + " holds a full model for --size " + 4 * side
                    + "; leave --size out");
        }
        return (int) (4 * side);
    }

    /** A light generator's shapes do not tell it, and it works with others than it was trained with. */
    private int lightSize(Integer asked) {
        String told = metadata().get(SIZE);
        if (asked != null || told == null) {
            return asked == null ? NetworkOptions.DEFAULT.size() : asked;
        }
        try {
            int size = Integer.parseInt(told);
            NetworkOptions.requireSize(size);
            return size;
        } catch (NumberFormatException | InvalidRequestException e) {
            throw new InvalidRequestException(file.path() + ": says that its " + SIZE + " is " + quoted(told)
                    + ": must be a multiple of 4 from 16 to 2048", e);
        }
    }

    private int layers(Network discriminator) {
        return 1 + count(discriminator, "model.%d." + SPECTRAL, 1, 3);
    }

    /**
     * How many tensors there are of a name whose number grows, up to the highest that there is; where one of them or the first is missing it
     * is named.
     */
    private int count(Network network, String name, int first, int step) {
        int count = MOST_LAYERS;
        while (count > 0 && !names.inFile().containsKey(network.key() + "." + numbered(name, first + step * (count - 1)))) {
            count--;
        }
        for (int i = 0; i < Math.max(1, count); i++) {
            String key = network.key() + "." + numbered(name, first + step * i);
            if (!names.inFile().containsKey(key)) {
                throw new InvalidRequestException(file.path() + ": tensor " + quoted(names.of(key)) + " is missing" + inItsPlace(key));
            }
        }
        return count;
    }

    /** What stands for a weight with spectral norm in other models than the authors', for a message: empty if nothing does. */
    private String inItsPlace(String key) {
        if (key.endsWith(SPECTRAL)) {
            String layer = key.substring(0, key.length() - SPECTRAL.length());
            for (String other : List.of("parametrizations.weight.original", "weight")) {
                if (names.inFile().containsKey(layer + other)) {
                    return ": in its place is " + quoted(names.of(layer + other)) + (other.equals("weight") ? ", without spectral norm"
                            : ", of torch.nn.utils.parametrizations.spectral_norm") + "; expected are the names of torch.nn.utils.spectral_norm";
                }
            }
        }
        return "";
    }

    private static String numbered(String name, int number) {
        return name.replace("%d", Integer.toString(number));
    }

    private long[] shape(Network network, String key, String expected, int rank) {
        String name = names.of(network.key() + "." + key);
        TensorInfo tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new InvalidRequestException(file.path() + ": tensor " + quoted(name) + " is missing, expected with shape "
                    + expected);
        }
        long[] shape = tensor.shape();
        if (shape.length != rank || shape[0] > Integer.MAX_VALUE) {
            throw new InvalidRequestException(file.path() + ": tensor " + quoted(name) + " has shape " + Arrays.toString(shape)
                    + ", expected " + expected);
        }
        return shape;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
