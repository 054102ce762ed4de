package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;

import io.ugatit.tensor.LossKernels.Ramp;
import io.ugatit.tensor.LossKernels.Term;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.Values;
import java.util.function.LongConsumer;

/** {@link io.ugatit.tensor.LossKernels}: {@code losses.cu}. */
final class LossPart {
    private static final int ELEMENTS_OF_BLOCK = 4096;
    private static final int MOST_BLOCKS = 64;

    private final Lane lane;

    LossPart(Lane lane) {
        this.lane = lane;
    }

    void meanSquare(Tensor x, double target, double weight, Tensor dx, Term term) {
        int blocks = blocks(x.length());
        sum(blocks, term, shares -> lane.grid("mean_square", blocks, 1, 1).pointer(address(x)).int64(x.length()).float64(target)
                .float64(weight).pointer(address(dx)).pointer(shares).run());
    }

    void meanSquare(Values x, int from, int to, double target, double weight, Values dx, Term term) {
        int blocks = blocks(to - from);
        sum(blocks, term, shares -> lane.grid("mean_square_values", blocks, 1, 1).pointer(CudaValues.address(x)).int32(from).int32(to)
                .float64(target).float64(weight).pointer(CudaValues.address(dx)).pointer(shares).run());
    }

    void meanRamp(Tensor x, Ramp ramp, double weight, Tensor dx, Term term) {
        int blocks = blocks(x.length());
        sum(blocks, term, shares -> lane.grid("mean_ramp", blocks, 1, 1).pointer(address(x)).int64(x.length()).float64(ramp.offset())
                .float64(ramp.slope()).float64(ramp.least()).float64(weight).pointer(address(dx)).pointer(shares).run());
    }

    void meanRamp(Values x, int from, int to, Ramp ramp, double weight, Values dx, Term term) {
        int blocks = blocks(to - from);
        sum(blocks, term, shares -> lane.grid("mean_ramp_values", blocks, 1, 1).pointer(CudaValues.address(x)).int32(from).int32(to)
                .float64(ramp.offset()).float64(ramp.slope()).float64(ramp.least()).float64(weight).pointer(CudaValues.address(dx))
                .pointer(shares).run());
    }

    void meanLengthError(Tensor x, double weight, Tensor dx, Term term) {
        int images = (int) x.size(0);
        long length = x.length() / images;
        int blocks = blocks(length);
        lane.withScratch(((long) blocks + 1) * images * Double.BYTES, squares -> {
            long shares = squares + (long) images * Double.BYTES;
            lane.grid("image_squares", blocks, images, 1).pointer(address(x)).int64(length).pointer(shares).run();
            lane.vector("sum_values", images).pointer(shares).int32(images).int32(blocks).pointer(squares).run();
            lane.one("length_errors").pointer(squares).int32(images).float64(weight).pointer(result(term)).run();
            lane.vector("length_gradient", x.length()).pointer(address(x)).pointer(squares).int32(images).int64(length).float64(weight)
                    .pointer(address(dx)).run();
        });
    }

    void binaryCrossEntropy(Values x, double target, double weight, Values dx, Term term) {
        int blocks = blocks(x.length());
        sum(blocks, term, shares -> lane.grid("binary_cross_entropy", blocks, 1, 1).pointer(CudaValues.address(x)).int32(x.length())
                .float64(target).float64(weight).pointer(CudaValues.address(dx)).pointer(shares).run());
    }

    void meanAbsolute(Tensor x, Tensor y, double weight, Tensor dx, Term term) {
        int blocks = blocks(x.length());
        sum(blocks, term, shares -> lane.grid("mean_absolute", blocks, 1, 1).pointer(address(x)).pointer(address(y)).int64(x.length())
                .float64(weight).pointer(address(dx)).pointer(shares).run());
    }

    private static long result(Term term) {
        return CudaValues.address(term.values()) + (long) term.index() * Double.BYTES;
    }

    private static int blocks(long length) {
        return (int) Math.max(1, Math.min(MOST_BLOCKS, Lane.ceilDiv(length, ELEMENTS_OF_BLOCK)));
    }

    /** Lets a kernel's blocks write their shares of a term and adds them up; one block writes the term itself. */
    private void sum(int blocks, Term term, LongConsumer kernel) {
        long result = result(term);
        if (blocks == 1) {
            kernel.accept(result);
            return;
        }
        lane.withScratch((long) blocks * Double.BYTES, shares -> {
            kernel.accept(shares);
            lane.vector("sum_values", 1).pointer(shares).int32(1).int32(blocks).pointer(result).run();
        });
    }
}
