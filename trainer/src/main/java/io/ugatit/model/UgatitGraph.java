package io.ugatit.model;

import io.ugatit.device.Natives;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.tensor.host.PowerIteration;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The six networks of a training as a DL4J graph: one flat parameter vector, one flat vector of Adam's moments, JSON configuration,
 * {@code summary()}, ModelSerializer and dl4j-spark as for any graph. Its inputs are images (N,3,S,S) of A and of B; {@code output} gives the
 * translations B and A and what the discriminators say of them. {@code fit} makes one alternating update with the step it was given.
 * Used by one thread at a time.
 */
public final class UgatitGraph extends ComputationGraph {
    private static final long serialVersionUID = 1L;
    /** Prefixes of the moments' names in files: PyTorch's names of Adam's state. */
    private static final String FIRST_MOMENT = "exp_avg.";
    private static final String SECOND_MOMENT = "exp_avg_sq.";

    private transient Map<Network, NetworkTensors> tensors = new EnumMap<>(Network.class);
    private transient Map<Network, Generator> generators = new EnumMap<>(Network.class);
    private transient Map<Network, Discriminator> discriminators = new EnumMap<>(Network.class);
    private transient Compute compute;
    private transient Compute sibling;
    private transient TrainingStep step;

    /** One alternating update of a graph's networks on one batch of each domain. */
    @FunctionalInterface
    public interface TrainingStep {
        /**
         * @param a images of domain A (N,3,S,S) in [-1, 1]
         * @param b images of domain B (N,3,S,S) in [-1, 1]
         * @return the generators' total loss, DL4J's score
         */
        double fit(INDArray a, INDArray b);
    }

    /**
     * An uninitialised graph; call {@code init}.
     *
     * @param configuration as {@link #configuration} makes it
     */
    public UgatitGraph(ComputationGraphConfiguration configuration) {
        super(configuration);
    }

    /** A new graph of single precision with initial parameters. */
    public static UgatitGraph create(NetworkOptions options, long seed) {
        return create(options, seed, DataType.FLOAT);
    }

    /**
     * A new graph with initial parameters of the given type; DOUBLE serves to check gradients.
     *
     * @throws io.ugatit.job.JobFailedException if ND4J's libraries are not there
     */
    public static UgatitGraph create(NetworkOptions options, long seed, DataType type) {
        Natives.require();
        UgatitGraph graph = new UgatitGraph(configuration(options, seed, type));
        graph.init();
        return graph;
    }

    /** A graph of single precision whose parameters are all zero, for a state that comes from elsewhere. */
    public static UgatitGraph zeros(ComputationGraphConfiguration configuration) {
        UgatitGraph graph = new UgatitGraph(configuration);
        long parameters = configuration.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)).sum();
        graph.init(Nd4j.create(DataType.FLOAT, 1, parameters), false);
        return graph;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        tensors = new EnumMap<>(Network.class);
        generators = new EnumMap<>(Network.class);
        discriminators = new EnumMap<>(Network.class);
    }

    /** The DL4J configuration of the six networks; parameters start from {@code seed}. */
    public static ComputationGraphConfiguration configuration(NetworkOptions options, long seed, DataType type) {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(type)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("a", "b");
        for (Network network : Network.values()) {
            builder.addLayer(network.key(), new NetworkLayer(network, options), input(network));
        }
        return builder.setOutputs(Network.keys().toArray(String[]::new)).build();
    }

    /**
     * The DL4J configuration of one generator, for a {@link ComputationGraph}: its input are images (N,3,S,S) in [-1, 1], its output their
     * translations (N,3,S,S).
     *
     * @param generator one of the two
     */
    public static ComputationGraphConfiguration configuration(Network generator, NetworkOptions options) {
        return new NeuralNetConfiguration.Builder()
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("image")
                .addLayer(generator.key(), new NetworkLayer(generator, options), "image")
                .setOutputs(generator.key())
                .build();
    }

    private static String input(Network network) {
        return switch (network) {
            case GEN_A2B -> "a";
            case GEN_B2A -> "b";
            case DIS_GLOBAL_A, DIS_LOCAL_A -> Network.GEN_B2A.key();
            case DIS_GLOBAL_B, DIS_LOCAL_B -> Network.GEN_A2B.key();
        };
    }

    /** The sizes of the networks. */
    public NetworkOptions options() {
        return module(Network.GEN_A2B).layerConf().options();
    }

    /** What the networks compute with; made at first use. */
    public synchronized Compute compute() {
        if (compute == null) {
            setCompute(KernelChoice.fastest(params().dataType()));
        }
        return compute;
    }

    /**
     * What a network computes with: that of {@link #compute()} or, for the generator B to A and the discriminators of A, a sibling, so that
     * one thread can use the networks of one direction while another uses those of the other.
     */
    public synchronized Compute compute(Network network) {
        Compute first = compute();
        return switch (network) {
            case GEN_A2B, DIS_GLOBAL_B, DIS_LOCAL_B -> first;
            case GEN_B2A, DIS_GLOBAL_A, DIS_LOCAL_A -> sibling;
        };
    }

    /** Sets what the networks compute with, in the place of this machine's fastest. */
    public synchronized void setCompute(Compute compute) {
        try {
            this.sibling = compute.sibling();
        } catch (RuntimeException | Error e) {
            compute.closeAfter(e);
            throw e;
        }
        this.compute = compute;
        forget();
    }

    /** Frees what the networks compute with, not the flat vectors; asked for again, it is made anew. */
    public synchronized void closeCompute() {
        if (compute == null) {
            return;
        }
        Compute first = compute;
        Compute second = sibling;
        compute = null;
        sibling = null;
        try (second; first) {
            forget();
        }
    }

    /** A generator on this graph's parameters. */
    public synchronized Generator generator(Network network) {
        return generators.computeIfAbsent(network, n -> new Generator(options(), tensors(n)::parameter, compute(n)));
    }

    /** A generator on a copy of this graph's parameters, or on themselves on the host, which computes with something else. */
    public Generator generator(Network network, Compute other) {
        return new Generator(options(), new NetworkTensors(other.kernels(), network, options(), module(network).params())::parameter, other);
    }

    /** A discriminator on this graph's parameters. */
    public synchronized Discriminator discriminator(Network network) {
        return discriminators.computeIfAbsent(network,
                n -> new Discriminator(options().layers(n), tensors(n)::parameter, compute(n)));
    }

    private synchronized void forget() {
        tensors.clear();
        generators.clear();
        discriminators.clear();
    }

    /**
     * A network's tensors where {@link #compute(Network)} computes, in training with gradients and moments. They hold what the flat vectors
     * held at the last {@link #load}.
     */
    public synchronized NetworkTensors tensors(Network network) {
        return tensors.computeIfAbsent(network, n -> new NetworkTensors(compute(n).kernels(), module(n).layerConf().parameterSpecs(),
                module(n).params(), getFlattenedGradients() == null ? null : trainable(n)));
    }

    /** Brings the flat vectors to where the networks compute; to be called after they have changed. What is made later begins with them. */
    public synchronized void load() {
        tensors.values().forEach(NetworkTensors::load);
    }

    /** Brings what the networks have learned back to the flat vectors. */
    public synchronized void store() {
        tensors.values().forEach(NetworkTensors::store);
    }

    private NetworkModule module(Network network) {
        return (NetworkModule) getLayer(network.key());
    }

    /** All parameters as views of {@code params()}, under {@code NET.KEY} as files name them. */
    public Map<String, INDArray> namedParameters() {
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (Network network : Network.values()) {
            module(network).paramTable(false).forEach((key, value) -> named.put(network.key() + "." + key, value));
        }
        return named;
    }

    /**
     * Adam's moments as views of the updater's state, under {@code exp_avg.NET.KEY} and {@code exp_avg_sq.NET.KEY}.
     *
     * @throws IllegalStateException before {@link #prepareTraining}
     */
    public Map<String, INDArray> namedMoments() {
        Map<String, INDArray> both = namedTrainable(FIRST_MOMENT, TrainableRange::firstMoments);
        both.putAll(namedSecondMoments());
        return both;
    }

    /**
     * Of Adam's moments the second ones, as {@link #namedMoments} names them.
     *
     * @throws IllegalStateException before {@link #prepareTraining}
     */
    public Map<String, INDArray> namedSecondMoments() {
        return namedTrainable(SECOND_MOMENT, TrainableRange::secondMoments);
    }

    private Map<String, INDArray> namedTrainable(String prefix, Function<TrainableRange, INDArray> part) {
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (Network network : Network.values()) {
            INDArray values = part.apply(trainable(network));
            long offset = 0;
            for (ParameterSpec spec : module(network).layerConf().parameterSpecs()) {
                if (spec.trainable()) {
                    named.put(prefix + network.key() + "." + spec.key(), view(values, offset, spec.length()).reshape('c', spec.shape()));
                    offset += spec.length();
                }
            }
        }
        return named;
    }

    /**
     * Makes the gradient vector and Adam's moments, zero at first. Asking again changes nothing.
     */
    public void prepareTraining() {
        if (getFlattenedGradients() != null) {
            return;
        }
        initGradientsView();
        long moments = 0;
        for (Network network : Network.values()) {
            moments += 2 * trainableLength(network);
        }
        setUpdater(new ComputationGraphUpdater(this, Nd4j.create(params().dataType(), moments)));
        forget();
    }

    private long trainableLength(Network network) {
        return module(network).layerConf().parameterSpecs().stream().filter(ParameterSpec::trainable).mapToLong(ParameterSpec::length).sum();
    }

    /**
     * The trained part of a network, with gradients and moments.
     *
     * @throws IllegalStateException before {@link #prepareTraining}
     */
    public TrainableRange trainable(Network network) {
        if (getFlattenedGradients() == null) {
            throw new IllegalStateException("this graph is not prepared for training");
        }
        long length = trainableLength(network);
        NetworkModule module = module(network);
        ComputationGraphUpdater updater = getUpdater();
        for (UpdaterBlock block : updater.getUpdaterBlocks()) {
            for (UpdaterBlock.ParamState state : block.getLayersAndVariablesInBlock()) {
                if (state.getLayer().getConfig().getLayerName().equals(network.key())) {
                    // what is trained comes first and is contiguous; a block's state is all first, then all second moments
                    long first = block.getUpdaterViewOffsetStart() + state.getParamOffsetStart() - block.getParamOffsetStart();
                    long blockLength = block.getParamOffsetEnd() - block.getParamOffsetStart();
                    INDArray moments = updater.getStateViewArray();
                    return new TrainableRange(view(module.params(), 0, length), view(module.getGradientsViewArray(), 0, length),
                            view(moments, first, length), view(moments, first + blockLength, length));
                }
            }
        }
        throw new IllegalStateException("DL4J's updater has no state for " + network.key());
    }

    /** Moves a generator's every rho in the flat vector into [0, 1]. */
    private void clipRho(Network generator) {
        module(generator).paramTable(false).forEach((key, value) -> {
            if (key.endsWith("rho")) {
                Nd4j.exec(DynamicCustomOp.builder("clipbyvalue").addInputs(value).addOutputs(value).addFloatingPointArguments(0.0, 1.0).build());
            }
        });
    }

    /** Brings means of several workers' parameters back to where they belong: rho into [0, 1], power-iteration vectors to length one. */
    public void project() {
        for (Network network : Network.values()) {
            if (network.kind() == Network.Kind.GENERATOR) {
                clipRho(network);
            }
            module(network).paramTable(false).forEach((key, value) -> {
                if (!NetworkLayer.trainable(key)) {
                    PowerIteration.normalize(value);
                }
            });
        }
    }

    private static INDArray view(INDArray vector, long offset, long length) {
        return vector.reshape(vector.length()).get(NDArrayIndex.interval(offset, offset + length));
    }

    /** Sets what {@code fit} does; {@link #prepareTraining} comes first. */
    public void setTrainingStep(TrainingStep step) {
        this.step = step;
    }

    /**
     * One alternating update.
     *
     * @param batch features: images of A and of B, each (N,3,S,S) in [-1, 1]; no labels
     * @throws IllegalStateException if no training step is set
     */
    @Override
    public void fit(MultiDataSet batch) {
        if (step == null) {
            throw new IllegalStateException("this graph has no training step: set one before fit");
        }
        setScore(step.fit(batch.getFeatures(0), batch.getFeatures(1)));
    }
}
