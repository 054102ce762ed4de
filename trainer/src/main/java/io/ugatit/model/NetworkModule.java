package io.ugatit.model;

import io.ugatit.tensor.Compute;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.choice.KernelChoice;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One network at run time, as DL4J sees it: a layer that holds views of its part of the flat vectors. DL4J's own {@code fit} cannot train a
 * GAN, so there is no {@code backpropGradient}; {@link UgatitGraph} is trained step by step by what it is given.
 */
final class NetworkModule extends AbstractLayer<NetworkLayer> {
    private static final long serialVersionUID = 1L;
    private final Map<String, INDArray> parameters;
    private INDArray flatParameters;
    private INDArray flatGradients;

    NetworkModule(NeuralNetConfiguration conf, DataType type, INDArray flatParameters, Map<String, INDArray> parameters) {
        super(conf, type);
        this.flatParameters = flatParameters;
        this.parameters = new LinkedHashMap<>(parameters);
    }

    /** Forward only: a generator's image (N,3,S,S), a discriminator's patch logits (N,1,h,w). */
    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        // memory of its own: neither training nor translation comes this way
        try (Compute compute = KernelChoice.fastest(dataType)) {
            NetworkLayer layer = layerConf();
            NetworkTensors tensors = new NetworkTensors(compute.kernels(), layer.network(), layer.options(), flatParameters);
            Tensor images = compute.pool().take(input.shape());
            compute.kernels().write(input, images);
            Tensor out = layer.network().kind() == Network.Kind.GENERATOR
                    ? new Generator(layer.options(), tensors::parameter, compute).forward(images, false).image()
                    : new Discriminator(layer.options().layers(layer.network()), tensors::parameter, compute).forward(images).patches();
            INDArray result = Nd4j.createUninitialized(dataType, out.shape());
            compute.kernels().read(out, result);
            return result;
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        throw new UnsupportedOperationException("the networks of U-GAT-IT are trained together, by UgatitGraph.fit");
    }

    @Override
    public org.deeplearning4j.nn.api.Layer clone() {
        throw new UnsupportedOperationException("clone the UgatitGraph: a network's parameters are views of the graph's");
    }

    @Override
    public INDArray params() {
        return flatParameters;
    }

    @Override
    public INDArray getParam(String key) {
        return parameters.get(key);
    }

    @Override
    public void setParam(String key, INDArray value) {
        parameters.get(key).assign(value);
    }

    @Override
    public void setParams(INDArray values) {
        if (values != flatParameters) {
            flatParameters.assign(values.reshape(flatParameters.shape()));
        }
    }

    @Override
    public void setParamsViewArray(INDArray view) {
        flatParameters = view;
        parameters.putAll(NetworkInitializer.INSTANCE.init(conf, view, false));
    }

    @Override
    public INDArray getGradientsViewArray() {
        return flatGradients;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        flatGradients = view;
    }

    @Override
    public void setParamTable(Map<String, INDArray> table) {
        table.forEach(this::setParam);
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
        return parameters;
    }

    @Override
    public long numParams() {
        return flatParameters.length();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // there are none
    }
}
