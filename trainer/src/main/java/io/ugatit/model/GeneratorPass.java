package io.ugatit.model;

import io.ugatit.nn.Attention;
import io.ugatit.nn.ConvolutionBlock;
import io.ugatit.nn.ModulationNetwork;
import io.ugatit.nn.ResidualBlock;
import io.ugatit.nn.UpsampleBlock;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Modulation;
import io.ugatit.tensor.Scaling;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.ArrayList;
import java.util.List;

/** The results of one forward pass of a {@link Generator}, with what its backward pass needs. */
public final class GeneratorPass {
    FeatureMaps images;
    final List<ConvolutionBlock.Saved> encoded = new ArrayList<>();
    final List<ResidualBlock.Saved> encodedResidual = new ArrayList<>();
    Attention.Saved attended;
    ModulationNetwork.Saved modulated;
    final List<ResidualBlock.Saved> decodedResidual = new ArrayList<>();
    final List<UpsampleBlock.Saved> upsampled = new ArrayList<>();
    final List<Modulation> learned = new ArrayList<>();
    ConvolutionBlock.Saved drawn;
    Tensor heatmap;

    GeneratorPass() { }

    /** The translations (N,3,S,S) in [-1, 1]; valid until the pass is taken backward or released. */
    public Tensor image() {
        return drawn.out().plain();
    }

    /**
     * The logits of the class activation map, N pairs: from average- and from maximum-pooled features; not of a pass with given
     * {@link #statistics}.
     */
    public Values logits() {
        return attended.logits();
    }

    /**
     * Where the generator looks: the attended features, not negative, summed over channels (N,1,S/4,S/4).
     *
     * @throws IllegalStateException if the pass is kept for the backward pass: training has no use for heatmaps
     */
    public Tensor heatmap() {
        if (heatmap == null) {
            throw new IllegalStateException("a pass that is kept for the backward pass has no heatmap: make one that is not kept");
        }
        return heatmap;
    }

    /** How the pass has normalised its maps, until {@link io.ugatit.tensor.Kernels#recycle}. */
    public GeneratorStatistics statistics() {
        List<Scaling> scalings = new ArrayList<>();
        encoded.forEach(saved -> scalings.add(saved.scaling()));
        encodedResidual.forEach(saved -> addBoth(saved, scalings));
        scalings.add(attended.scaling());
        decodedResidual.forEach(saved -> addBoth(saved, scalings));
        upsampled.forEach(saved -> scalings.add(saved.convolved().scaling()));
        scalings.add(drawn.scaling());
        return new GeneratorStatistics(scalings);
    }

    private static void addBoth(ResidualBlock.Saved saved, List<Scaling> scalings) {
        scalings.add(saved.first().scaling());
        scalings.add(saved.second().scaling());
    }
}
