package io.ugatit.model;

import io.ugatit.tensor.Kernels;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One network's parameters where the kernels use them and, in training, their gradients and Adam's moments. On the host they are DL4J's flat
 * vectors; on another device they are copies, which {@link #load} and {@link #store} bring up to date.
 */
public final class NetworkTensors {
    private final Kernels kernels;
    private final Map<String, ParameterSpec> specs = new LinkedHashMap<>();
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    /** What travels between the host and where the kernels compute. */
    private final List<Part> parts = new ArrayList<>();
    private final Tensor parameters;
    private final Tensor gradients;
    private final Tensor firstMoments;
    private final Tensor secondMoments;

    private record Part(INDArray host, Tensor tensor) { }

    /**
     * A network that is not trained, as it is now.
     *
     * @param parameters the network's flat vector
     */
    public NetworkTensors(Kernels kernels, Network network, NetworkOptions options, INDArray parameters) {
        this(kernels, ParameterSpecs.of(network, options), parameters, null);
    }

    /** As they are now. @param host the trained part of the vectors, or null for a network that is not trained */
    NetworkTensors(Kernels kernels, List<ParameterSpec> parameterSpecs, INDArray parameters, TrainableRange host) {
        this.kernels = kernels;
        long offset = 0;
        for (ParameterSpec spec : parameterSpecs) {
            specs.put(spec.key(), spec);
            offsets.put(spec.key(), offset);
            offset += spec.length();
        }
        INDArray flat = parameters.reshape(parameters.length());
        this.parameters = kernels.resident(flat);
        this.gradients = host == null ? null : kernels.resident(host.gradients());
        this.firstMoments = host == null ? null : kernels.resident(host.firstMoments());
        this.secondMoments = host == null ? null : kernels.resident(host.secondMoments());
        for (ParameterSpec spec : parameterSpecs) {
            addPart(flat, this.parameters, spec);
            if (host != null && spec.trainable()) {
                addPart(host.firstMoments(), firstMoments, spec);
                addPart(host.secondMoments(), secondMoments, spec);
            }
        }
        load();
    }

    private void addPart(INDArray vector, Tensor tensor, ParameterSpec spec) {
        long offset = offsets.get(spec.key());
        parts.add(new Part(vector.get(NDArrayIndex.interval(offset, offset + spec.length())).reshape('c', layout(spec)),
                part(tensor, spec).reshape(layout(spec))));
    }

    /** A parameter by the authors' key, with its gradient if it is trained. */
    public Parameter parameter(String key) {
        ParameterSpec spec = specs.get(key);
        if (spec == null) {
            throw new IllegalArgumentException("no parameter " + key + " in this network: it has " + specs.keySet());
        }
        return new Parameter(part(parameters, spec).reshape(spec.shape()),
                gradients == null || !spec.trainable() ? null : part(gradients, spec).reshape(spec.shape()));
    }

    private Tensor part(Tensor vector, ParameterSpec spec) {
        long offset = offsets.get(spec.key());
        return vector.slice(offset, offset + spec.length());
    }

    /** The trained parameters, a vector; they come first in the network's flat vector. */
    public Tensor trainable() {
        return parameters.slice(0, gradients.length());
    }

    /** Their gradients. */
    public Tensor gradients() {
        return gradients;
    }

    /** Adam's running mean of the gradients. */
    public Tensor firstMoments() {
        return firstMoments;
    }

    /** Adam's running mean of their squares. */
    public Tensor secondMoments() {
        return secondMoments;
    }

    /** Every rho of (Ada)LIN. */
    public List<Tensor> rhos() {
        List<Tensor> rhos = new ArrayList<>();
        specs.forEach((key, spec) -> {
            if (key.endsWith("rho")) {
                rhos.add(part(parameters, spec));
            }
        });
        return rhos;
    }

    /** Brings parameters and moments from the flat vectors, which have changed, to where the kernels compute. */
    public void load() {
        parts.forEach(part -> kernels.load(part.host(), part.tensor()));
    }

    /** The reverse of {@link #load}. */
    public void store() {
        parts.forEach(part -> kernels.store(part.tensor(), part.host()));
    }

    /** The shape, which for the right vector of a convolution's spectral norm is that of one output's weights: both lie in one order. */
    private long[] layout(ParameterSpec spec) {
        String right = ".weight_v";
        if (!spec.key().endsWith(right)) {
            return spec.shape();
        }
        long[] shape = specs.get(spec.key().replace(right, ".weight_orig")).shape().clone();
        shape[0] = 1;
        return shape;
    }
}
