package io.ugatit.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts a network's flat vector into its parameters, and fills them from the configuration's seed. */
final class NetworkInitializer implements ParamInitializer {
    static final NetworkInitializer INSTANCE = new NetworkInitializer();
    private static final int PART = 1 << 20;

    private NetworkInitializer() { }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return ((NetworkLayer) layer).parameterSpecs().stream().mapToLong(ParameterSpec::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return ((NetworkLayer) layer).keys();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return paramKeys(layer).stream().filter(key -> isWeightParam(layer, key)).toList();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return paramKeys(layer).stream().filter(key -> isBiasParam(layer, key)).toList();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return key.endsWith(".weight") || key.endsWith(".weight_orig");
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return key.endsWith(".bias");
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray parametersView, boolean initializeParameters) {
        NetworkLayer layer = (NetworkLayer) conf.getLayer();
        Map<String, INDArray> table = views(layer, parametersView);
        if (initializeParameters) {
            // a generator of its own for every network: its start does not depend on the others' sizes
            SplittableRandom random = new SplittableRandom(conf.getSeed() * 31 + layer.network().ordinal());
            for (ParameterSpec spec : layer.parameterSpecs()) {
                fill(spec, table.get(spec.key()), random);
            }
        }
        conf.setVariables(List.copyOf(table.keySet()));
        return table;
    }

    private static void fill(ParameterSpec spec, INDArray view, SplittableRandom random) {
        INDArray flat = view.reshape(view.length());
        // a direction is scaled to length one as a whole; its vectors are short
        int step = spec.trainable() ? PART : Math.toIntExact(spec.length());
        float[] part = new float[(int) Math.min(step, spec.length())];
        for (long from = 0; from < spec.length(); from += step) {
            int length = (int) Math.min(step, spec.length() - from);
            spec.fill(part, length, random);
            float[] values = length == part.length ? part : Arrays.copyOf(part, length);
            try (INDArray array = Nd4j.createFromArray(values)) {
                flat.get(NDArrayIndex.interval(from, from + length)).assign(array);
            }
        }
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray gradientView) {
        return views((NetworkLayer) conf.getLayer(), gradientView);
    }

    private static Map<String, INDArray> views(NetworkLayer layer, INDArray vector) {
        INDArray flat = vector.reshape(vector.length());
        Map<String, INDArray> views = new LinkedHashMap<>();
        long offset = 0;
        for (ParameterSpec spec : layer.parameterSpecs()) {
            views.put(spec.key(), flat.get(NDArrayIndex.interval(offset, offset + spec.length())).reshape('c', spec.shape()));
            offset += spec.length();
        }
        return views;
    }
}
