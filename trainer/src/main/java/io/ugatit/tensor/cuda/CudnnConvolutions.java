package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;
import static io.ugatit.tensor.cuda.Lane.ceilDiv;

import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cuda.cudnn.Convolution;
import io.ugatit.tensor.cuda.cudnn.Convolution.Pass;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.cudnn.CudnnStream;
import io.ugatit.tensor.cuda.cudnn.Factors;
import io.ugatit.tensor.cuda.cudnn.Plan;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Convolutions by cuDNN, which sees a map with its border as a map, and so needs no padding. Own ones where it has no engine, for plain
 * maps (images, patch logits), and where channels do not fill their lanes.
 */
final class CudnnConvolutions implements Convolutions {
    private static final int GROUP = 4;
    private static final int ALIGNMENT = 16;

    private final Lane lane;
    private final Factors factors;
    private final CudnnStream cudnn;
    private final ConvolutionPart own;

    /** @param cudnn of the lane's stream, which this closes */
    CudnnConvolutions(Lane lane, Factors factors, CudnnStream cudnn, ConvolutionPart own) {
        this.lane = lane;
        this.factors = factors;
        this.cudnn = cudnn;
        this.own = own;
    }

    @Override
    public String name() {
        return "cudnn " + Cudnn.version();
    }

    private Optional<Plan> plan(Pass pass, FeatureMaps x, FeatureMaps y, Tensor weights, int stride) {
        boolean fits = fits(x) && fits(y);
        return !fits ? Optional.empty() : cudnn.plan(new Convolution(pass, factors, x.images(), x.channels(), y.channels(),
                (int) weights.size(2), stride, x.height() + 2 * x.padding(), x.width() + 2 * x.padding()));
    }

    private static boolean fits(FeatureMaps maps) {
        return maps.lanes() > 1 && maps.channels() % GROUP == 0 && address(maps) % ALIGNMENT == 0;
    }

    @Override
    public void convolve(FeatureMaps x, Tensor weights, int stride, FeatureMaps y) {
        plan(Pass.FORWARD, x, y, weights, stride).ifPresentOrElse(plan -> withFactors(x.data(), weights, (in, w) ->
                withResult(y.data(), false, out -> run(plan, in, w, out))), () -> own.convolve(x, weights, stride, y));
    }

    @Override
    public void inputGradient(FeatureMaps dy, Tensor weights, int stride, FeatureMaps dx) {
        plan(Pass.INPUT_GRADIENT, dx, dy, weights, stride).ifPresentOrElse(plan -> {
            withFactors(dy.data(), weights, (out, w) -> withResult(dx.data(), false, in -> run(plan, in, w, out)));
            ConvolutionPart.fold(lane, dx);
        }, () -> own.inputGradient(dy, weights, stride, dx));
    }

    @Override
    public void addWeightGradient(FeatureMaps x, FeatureMaps dy, int stride, Tensor dWeights) {
        plan(Pass.WEIGHT_GRADIENT, x, dy, dWeights, stride).ifPresentOrElse(plan -> withFactors(x.data(), dy.data(), (in, out) ->
                withResult(dWeights, true, w -> run(plan, in, w, out))), () -> own.addWeightGradient(x, dy, stride, dWeights));
    }

    /** Two addresses. */
    private interface Factored {
        void accept(long a, long b);
    }

    /** Does something with two tensors as cuDNN multiplies them. */
    private void withFactors(Tensor a, Tensor b, Factored use) {
        withFactor(a, first -> withFactor(b, second -> use.accept(first, second)));
    }

    private void withFactor(Tensor tensor, LongConsumer use) {
        long from = address(tensor);
        long length = tensor.length();
        if (factors == Factors.BF16) {
            lane.withScratch(length * Short.BYTES, scratch -> {
                lane.vector("to_bfloat16", ceilDiv(length, GROUP)).pointer(from).int64(length).pointer(scratch).run();
                use.accept(scratch);
            });
        } else if (from % ALIGNMENT != 0) {
            // weights lie one after the other
            lane.withScratch(length * Float.BYTES, scratch -> {
                lane.stream().copyOnDevice(scratch, from, length * Float.BYTES);
                use.accept(scratch);
            });
        } else {
            use.accept(from);
        }
    }

    /** Lets cuDNN write a result, where it is to be or from where it is taken or added to that. */
    private void withResult(Tensor result, boolean adds, LongConsumer write) {
        long length = result.length();
        if (factors == Factors.BF16) {
            lane.withScratch(length * Short.BYTES, scratch -> {
                write.accept(scratch);
                lane.vector("from_bfloat16", ceilDiv(length, GROUP)).pointer(scratch).int64(length).int32(adds ? 1 : 0)
                        .pointer(address(result)).run();
            });
        } else if (adds) {
            lane.withScratch(length * Float.BYTES, scratch -> {
                write.accept(scratch);
                lane.vector("sum_parts", ceilDiv(length, GROUP)).pointer(scratch).int32(1).int64(length).int32(1)
                        .pointer(address(result)).run();
            });
        } else {
            write.accept(address(result));
        }
    }

    private void run(Plan plan, long x, long w, long y) {
        long bytes = plan.workspaceBytes();
        if (bytes == 0) {
            cudnn.run(plan, x, w, y, 0);
        } else {
            // a power of two, so that many plans share a few pieces of the pool's memory
            lane.withScratch(bytes == 1 ? 1 : Long.highestOneBit(bytes - 1) << 1, workspace -> cudnn.run(plan, x, w, y, workspace));
        }
    }

    @Override
    public void close() {
        cudnn.close();
    }
}
