package io.ugatit.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The DL4J configuration of one whole network as a single layer, so that DL4J keeps its parameters and Adam's moments in flat vectors,
 * writes it as JSON, and dl4j-spark averages it.
 */
public final class NetworkLayer extends Layer {
    private static final long serialVersionUID = 1L;
    /** Adam's decay rates, the authors'. */
    public static final double BETA1 = 0.5;
    /** Adam's decay rate of the second moment. */
    public static final double BETA2 = 0.999;

    @JsonProperty
    private Network network;
    @JsonProperty
    private int size;
    @JsonProperty
    private int ch;
    @JsonProperty
    private int resBlocks;
    @JsonProperty
    private boolean full;
    @JsonProperty
    private int globalLayers;
    @JsonProperty
    private int localLayers;

    /** For DL4J's JSON. */
    NetworkLayer() { }

    NetworkLayer(Network network, NetworkOptions options) {
        this.network = network;
        this.layerName = network.key();
        this.size = options.size();
        this.ch = options.ch();
        this.resBlocks = options.resBlocks();
        this.full = options.full();
        this.globalLayers = options.globalLayers();
        this.localLayers = options.localLayers();
    }

    /** Which of the six networks this is. */
    public Network network() {
        return network;
    }

    /** Its sizes. */
    public NetworkOptions options() {
        return new NetworkOptions(size, ch, resBlocks, !full, full, globalLayers, localLayers);
    }

    List<ParameterSpec> parameterSpecs() {
        return ParameterSpecs.of(network, options());
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(NeuralNetConfiguration conf, Collection<TrainingListener> listeners, int layerIndex,
            INDArray parametersView, boolean initializeParameters, DataType type) {
        Map<String, INDArray> table = initializer().init(conf, parametersView, initializeParameters);
        NetworkModule module = new NetworkModule(conf, type, parametersView, table);
        module.setListeners(listeners);
        module.setIndex(layerIndex);
        return module;
    }

    @Override
    public ParamInitializer initializer() {
        return NetworkInitializer.INSTANCE;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (network.kind() == Network.Kind.GENERATOR) {
            return InputType.convolutional(size, size, 3);
        }
        int layers = options().layers(network);
        int side = size / (1 << (layers - 2)) - 2;
        return InputType.convolutional(side, side, 1);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // the input is always an RGB image
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public List<Regularization> getRegularizationByParam(String key) {
        return List.of();
    }

    @Override
    public boolean isPretrainParam(String key) {
        return false;
    }

    @Override
    public IUpdater getUpdaterByParam(String key) {
        return trainable(key) ? Adam.builder().beta1(BETA1).beta2(BETA2).build() : new NoOp();
    }

    /** Whether a parameter is trained; power-iteration vectors are state. */
    static boolean trainable(String key) {
        return !key.endsWith(".weight_u") && !key.endsWith(".weight_v");
    }

    @Override
    public GradientNormalization getGradientNormalization() {
        return GradientNormalization.None;
    }

    @Override
    public double getGradientNormalizationThreshold() {
        return 0;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long parameters = initializer().numParams(this);
        return new LayerMemoryReport.Builder(layerName, NetworkLayer.class, inputType, getOutputType(-1, inputType))
                .standardMemory(parameters, 2 * parameters)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    /** Keys of the parameters in the order of the flat vector. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        parameterSpecs().forEach(spec -> keys.add(spec.key()));
        return keys;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkLayer layer && layer.network == network && layer.options().equals(options());
    }

    @Override
    public int hashCode() {
        return Objects.hash(network, options());
    }
}
