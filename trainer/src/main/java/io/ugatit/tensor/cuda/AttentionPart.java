package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;
import static io.ugatit.tensor.cuda.Lane.shape;

import io.ugatit.tensor.AttentionKernels.Classification;
import io.ugatit.tensor.AttentionKernels.Maxima;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.SpectralPair;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;

/** {@link io.ugatit.tensor.AttentionKernels}: {@code attention.cu}. */
final class AttentionPart {
    private static final int SUMS = 3;
    private static final int COLUMNS = 32;
    private static final int ROWS = 8;

    private final Lane lane;

    AttentionPart(Lane lane) {
        this.lane = lane;
    }

    Values averages(FeatureMaps x) {
        CudaValues averages = lane.values(x.planes());
        pool(x, averages, null, null);
        return averages;
    }

    Maxima maxima(FeatureMaps x) {
        CudaValues value = lane.values(x.planes());
        CudaValues index = lane.values(x.planes());
        pool(x, null, value, index);
        return new Maxima(value, index);
    }

    private void pool(FeatureMaps x, CudaValues average, CudaValues maximum, CudaValues index) {
        lane.withScratch((long) Lane.parts(x) * x.planes() * SUMS * Double.BYTES, partial -> {
            lane.planes("pool", x).pointer(address(x)).ints(shape(x)).int32(Lane.parts(x)).pointer(partial).run();
            lane.vector("pooled", x.planes()).int32(Lane.parts(x)).pointer(partial).ints(shape(x)).pointer(CudaValues.address(average))
                    .pointer(CudaValues.address(maximum)).pointer(CudaValues.address(index)).run();
        });
    }

    Values pick(FeatureMaps x, Maxima maxima) {
        CudaValues picked = lane.values(x.planes());
        lane.vector("pick", x.planes()).pointer(address(x)).pointer(CudaValues.address(maxima.index())).ints(shape(x))
                .pointer(picked.address()).run();
        return picked;
    }

    void addPoolingGradient(Values dMean, Values dMaximum, Maxima maxima, FeatureMaps dx) {
        lane.rows("pool_backward", dx, 0).pointer(CudaValues.address(dMean)).pointer(CudaValues.address(dMaximum))
                .pointer(maxima == null ? 0 : CudaValues.address(maxima.index())).ints(shape(dx)).pointer(address(dx)).run();
    }

    void sumOverChannels(FeatureMaps x, Tensor sums) {
        lane.vector("sum_over_channels", sums.length()).pointer(address(x)).ints(shape(x)).pointer(address(sums)).run();
    }

    void classify(Classification of) {
        lane.grid("classify", images(of), 1, 1).pointer(CudaValues.address(of.pooled())).pointer(CudaTensor.value(of.weights()))
                .pointer(sigma(of)).int32(images(of)).int32(channels(of)).int32(of.column()).pointer(CudaValues.address(of.logits())).run();
    }

    Values classifyBackward(Classification of, Values dLogits, boolean wantsWeights) {
        CudaValues dPooled = lane.values(of.pooled().length());
        SpectralPair pair = of.pair();
        lane.vector("classify_backward", channels(of)).pointer(CudaValues.address(of.pooled())).pointer(CudaValues.address(of.logits()))
                .pointer(CudaValues.address(dLogits)).int32(of.column()).pointer(CudaTensor.value(of.weights())).int32(images(of))
                .int32(channels(of)).pointer(wantsWeights ? CudaTensor.gradient(of.weights()) : 0)
                .pointer(pair == null ? 0 : address(pair.u())).pointer(pair == null ? 0 : address(pair.v())).pointer(sigma(of))
                .pointer(dPooled.address()).run();
        return dPooled;
    }

    private static int images(Classification of) {
        return of.logits().length() / 2;
    }

    private static int channels(Classification of) {
        return (int) of.weights().value().length();
    }

    private static long sigma(Classification of) {
        return of.pair() == null ? 0 : CudaValues.address(of.pair().sigma());
    }

    void foldAttention(Parameter weights, Parameter average, Parameter maximum, Tensor folded) {
        int channels = (int) folded.size(0);
        lane.vector("fold_attention", folded.length()).pointer(CudaTensor.value(weights)).pointer(CudaTensor.value(average))
                .pointer(CudaTensor.value(maximum)).int32(channels).pointer(address(folded)).run();
    }

    void foldAttentionBackward(Tensor dFolded, Parameter weights, Parameter average, Parameter maximum) {
        int channels = (int) dFolded.size(0);
        lane.grid("fold_attention_backward", Lane.ceilDiv(channels, COLUMNS), 1, COLUMNS, ROWS).pointer(address(dFolded))
                .pointer(CudaTensor.value(weights)).pointer(CudaTensor.value(average)).pointer(CudaTensor.value(maximum)).int32(channels)
                .pointer(CudaTensor.gradient(weights)).pointer(CudaTensor.gradient(average)).pointer(CudaTensor.gradient(maximum)).run();
    }
}
