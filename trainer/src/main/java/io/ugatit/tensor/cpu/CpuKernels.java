package io.ugatit.tensor.cpu;

import static io.ugatit.tensor.cpu.pass.VectorRows.LANES;
import static io.ugatit.tensor.cpu.pass.VectorRows.SPECIES;
import static io.ugatit.tensor.host.HostTensor.array;
import static io.ugatit.tensor.host.HostTensor.memory;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.AdamRates.AdamStep;
import io.ugatit.tensor.FeatureMaps;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.Parameter;
import io.ugatit.tensor.Tensor;
import io.ugatit.tensor.cpu.pass.AttentionRows;
import io.ugatit.tensor.cpu.pass.GradientRows;
import io.ugatit.tensor.cpu.pass.InParallel;
import io.ugatit.tensor.cpu.pass.LaneSums;
import io.ugatit.tensor.cpu.pass.MapGeometry;
import io.ugatit.tensor.cpu.pass.PlaneValues;
import io.ugatit.tensor.cpu.pass.Upsampling;
import io.ugatit.tensor.cpu.pass.VectorAlgebra;
import io.ugatit.tensor.cpu.pass.VectorRows;
import io.ugatit.tensor.host.HostKernels;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels for the CPU: convolutions by oneDNN, everything else one pass over the maps with Java's Vector API. Maps of more than three
 * channels are blocked as oneDNN wants it (nChw16c, or nChw8c with AVX2), so that a vector is one pixel's channels. Blocks do not depend on
 * each other, so outside of oneDNN no bit depends on the number of threads.
 */
public final class CpuKernels extends HostKernels {
    /** Images, and the discriminators' one channel of patch logits. */
    private static final int MOST_PLAIN_CHANNELS = 3;

    private final Convolutions convolutions = new Convolutions(this);

    public CpuKernels() {
        super(DataType.FLOAT);
    }

    @Override
    public String name() {
        return "onednn+vector" + SPECIES.vectorBitSize();
    }

    @Override
    public int lanes(int channels) {
        return channels <= MOST_PLAIN_CHANNELS ? 1 : LANES;
    }

    @Override
    public void convolve(FeatureMaps x, INDArray weights, int stride, FeatureMaps y) {
        convolutions.convolve(x, weights, stride, y);
    }

    @Override
    public void convolveBackward(FeatureMaps x, INDArray weights, FeatureMaps dy, int stride, FeatureMaps dx, INDArray dWeights) {
        convolutions.backward(x, weights, dy, stride, dx, dWeights);
        if (dx != null) {
            MapGeometry to = MapGeometry.of(dx);
            ByteBuffer memory = memory(dx);
            forEachBlock(to, block -> to.fold(memory, block));
        }
    }

    @Override
    public void close() {
        super.close();
        convolutions.close();
    }

    @Override
    public void copy(FeatureMaps x, FeatureMaps out) {
        MapGeometry from = MapGeometry.of(x);
        MapGeometry to = MapGeometry.of(out);
        ByteBuffer source = memory(x);
        ByteBuffer target = memory(out);
        if (from.lanes() == to.lanes()) {
            forEachBlock(to, block -> {
                for (int i = 0; i < to.height(); i++) {
                    target.put(to.row(block, i), source, from.row(block, i), from.rowFloats() * Float.BYTES);
                }
                to.reflect(target, block);
            });
        } else {
            forEachBlock(to, block -> {
                for (int lane = 0; lane < to.lanes(); lane++) {
                    copyLane(source, from, target, to, block, lane, x.channels());
                }
                to.reflect(target, block);
            });
        }
    }

    /** Copies one channel between maps that lie differently in memory; a lane beyond the last channel becomes zero. */
    private static void copyLane(ByteBuffer source, MapGeometry from, ByteBuffer target, MapGeometry to, int block, int lane,
            int channels) {
        int blocksOfImage = (channels + to.lanes() - 1) / to.lanes();
        int image = block / blocksOfImage;
        int channel = block % blocksOfImage * to.lanes() + lane;
        boolean there = channel < channels;
        int sourceBlock = image * ((channels + from.lanes() - 1) / from.lanes()) + channel / from.lanes();
        for (int i = 0; i < to.height(); i++) {
            int out = to.row(block, i) + lane * Float.BYTES;
            int in = there ? from.row(sourceBlock, i) + channel % from.lanes() * Float.BYTES : 0;
            for (int j = 0; j < to.width(); j++) {
                target.putFloat(out + j * to.pixelBytes(), there ? source.getFloat(in + j * from.pixelBytes()) : 0);
            }
        }
    }

    @Override
    public void add(FeatureMaps x, FeatureMaps to) {
        MapGeometry from = MapGeometry.of(x);
        MapGeometry sum = MapGeometry.of(to);
        ByteBuffer source = memory(x);
        ByteBuffer target = memory(to);
        forEachBlock(from, block -> {
            for (int i = 0; i < from.height(); i++) {
                VectorRows.add(source, from.row(block, i), from.rowFloats(), target, sum.row(block, i));
            }
        });
    }

    @Override
    public void upsample(FeatureMaps x, FeatureMaps out) {
        MapGeometry small = MapGeometry.of(x);
        MapGeometry large = MapGeometry.of(out);
        ByteBuffer source = memory(x);
        ByteBuffer target = memory(out);
        forEachBlock(large, block -> {
            for (int i = 0; i < small.height(); i++) {
                int upper = large.row(block, 2 * i);
                Upsampling.doubleRow(source, small.row(block, i), small.width(), small.lanes(), target, upper);
                target.put(large.row(block, 2 * i + 1), target, upper, large.rowFloats() * Float.BYTES);
            }
            large.reflect(target, block);
        });
    }

    @Override
    public void upsampleBackward(FeatureMaps dOut, FeatureMaps dx) {
        MapGeometry large = MapGeometry.of(dOut);
        MapGeometry small = MapGeometry.of(dx);
        ByteBuffer source = memory(dOut);
        ByteBuffer target = memory(dx);
        forEachBlock(large, block -> {
            for (int i = 0; i < small.height(); i++) {
                Upsampling.sumRows(source, large.row(block, 2 * i), large.row(block, 2 * i + 1), small.width(), small.lanes(), target,
                        small.row(block, i));
            }
        });
    }

    @Override
    public Moments moments(FeatureMaps x) {
        MapGeometry from = MapGeometry.of(x);
        ByteBuffer memory = memory(x);
        PlaneValues planes = PlaneValues.of(x);
        double[] mean = new double[x.planes()];
        double[] variance = new double[x.planes()];
        forEachBlock(from, block -> {
            // sums of distances to a first pixel lose no digits where the mean is large
            FloatVector origin = from.lanes() == 1 ? FloatVector.broadcast(SPECIES, memory.getFloat(from.row(block, 0)))
                    : VectorRows.load(memory, from.row(block, 0));
            LaneSums sum = new LaneSums();
            LaneSums squares = new LaneSums();
            for (int i = 0; i < from.height(); i++) {
                VectorRows.moments(memory, from.row(block, i), from.rowFloats(), origin, sum, squares);
            }
            planes.forEach(block, (plane, lane) -> {
                double offset = planes.sum(sum, lane) / x.pixels();
                mean[plane] = origin.lane(lane) + offset;
                variance[plane] = Math.max(0, planes.sum(squares, lane) / x.pixels() - offset * offset);
            });
        });
        return new Moments(mean, variance);
    }

    @Override
    public void affine(FeatureMaps y, double[] scale, double[] shift, FeatureMaps residual, Activation activation, FeatureMaps out) {
        MapGeometry from = MapGeometry.of(y);
        MapGeometry to = MapGeometry.of(out);
        MapGeometry added = residual == null ? null : MapGeometry.of(residual);
        PlaneValues planes = PlaneValues.of(y);
        ByteBuffer source = memory(y);
        ByteBuffer target = memory(out);
        ByteBuffer summand = residual == null ? null : memory(residual);
        float slope = activation.slope();
        forEachBlock(from, block -> {
            FloatVector scales = planes.vector(scale, block);
            FloatVector shifts = planes.vector(shift, block);
            for (int i = 0; i < from.height(); i++) {
                int row = to.row(block, i);
                if (residual == null) {
                    VectorRows.affine(source, from.row(block, i), from.rowFloats(), scales, shifts, slope, target, row);
                } else {
                    VectorRows.affine(source, from.row(block, i), from.rowFloats(), scales, shifts, summand, added.row(block, i), slope,
                            target, row);
                }
                if (activation == Activation.TANH) {
                    VectorRows.tanh(target, row, from.rowFloats());
                }
            }
            to.reflect(target, block);
        });
    }

    @Override
    public PlaneSums affineSums(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y) {
        GradientRows rows = GradientRows.of(dOut, out, activation, y);
        PlaneValues planes = PlaneValues.of(y);
        double[] g = new double[y.planes()];
        double[] gy = new double[y.planes()];
        forEachBlock(rows.maps(), block -> {
            LaneSums sumG = new LaneSums();
            LaneSums sumGy = new LaneSums();
            for (int i = 0; i < y.height(); i++) {
                rows.sums(block, i, sumG, sumGy);
            }
            planes.forEach(block, (plane, lane) -> {
                g[plane] = planes.sum(sumG, lane);
                gy[plane] = planes.sum(sumGy, lane);
            });
        });
        return new PlaneSums(g, gy);
    }

    @Override
    public void affineBackward(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y, PlaneFactors factors,
            FeatureMaps dy) {
        GradientRows rows = GradientRows.of(dOut, out, activation, y);
        MapGeometry to = MapGeometry.of(dy);
        ByteBuffer target = memory(dy);
        PlaneValues planes = PlaneValues.of(y);
        double[] zeros = new double[y.planes()];
        forEachBlock(rows.maps(), block -> {
            float[] ofG = planes.lanes(factors.ofG(), block);
            float[] ofY = planes.lanes(factors.ofY() == null ? zeros : factors.ofY(), block);
            float[] constant = planes.lanes(factors.constant() == null ? zeros : factors.constant(), block);
            for (int i = 0; i < y.height(); i++) {
                rows.combine(block, i, ofG, ofY, constant, target, to.row(block, i));
            }
        });
    }

    @Override
    public void sumOverChannels(FeatureMaps x, Tensor sums) {
        if (x.lanes() == 1) {
            super.sumOverChannels(x, sums);
            return;
        }
        MapGeometry from = MapGeometry.of(x);
        ByteBuffer source = memory(x);
        ByteBuffer target = new FloatMemory("sums", array(sums)).bytes();
        int blocks = from.blocks() / x.images();
        InParallel.forEach(x.images() * x.height(), (long) from.blocks() * from.blockFloats(), row -> VectorRows.sumBlocks(source,
                from.row(row / x.height() * blocks, row % x.height()), from.blockFloats() * Float.BYTES, blocks, x.channels(), x.width(), target,
                row * x.width() * Float.BYTES));
    }

    @Override
    public Peaks peaks(FeatureMaps x) {
        MapGeometry from = MapGeometry.of(x);
        ByteBuffer memory = memory(x);
        PlaneValues planes = PlaneValues.of(x);
        double[] value = new double[x.planes()];
        int[] index = new int[x.planes()];
        forEachBlock(from, block -> planes.forEach(block, (plane, lane) -> {
            float best = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < from.height(); i++) {
                int row = from.row(block, i) + lane * Float.BYTES;
                for (int j = 0; j < from.width(); j++) {
                    float candidate = memory.getFloat(row + j * from.pixelBytes());
                    if (candidate > best) {
                        best = candidate;
                        index[plane] = i * from.width() + j;
                    }
                }
            }
            value[plane] = best;
        }));
        return new Peaks(value, index);
    }

    @Override
    public double[] pick(FeatureMaps x, int[] index) {
        MapGeometry from = MapGeometry.of(x);
        ByteBuffer memory = memory(x);
        PlaneValues planes = PlaneValues.of(x);
        double[] picked = new double[x.planes()];
        forEachBlock(from, block -> planes.forEach(block, (plane, lane) ->
                picked[plane] = memory.getFloat(from.at(block, index[plane] / from.width(), index[plane] % from.width(), lane))));
        return picked;
    }

    @Override
    public void addPoolingGradient(double[] dMean, double[] dMaximum, int[] index, FeatureMaps dx) {
        MapGeometry to = MapGeometry.of(dx);
        ByteBuffer memory = memory(dx);
        PlaneValues planes = PlaneValues.of(dx);
        double[] everywhere = Arrays.stream(dMean).map(d -> d / dx.pixels()).toArray();
        forEachBlock(to, block -> {
            FloatVector summand = planes.vector(everywhere, block);
            for (int i = 0; i < to.height(); i++) {
                VectorRows.add(summand, memory, to.row(block, i), to.rowFloats());
            }
            if (dMaximum != null) {
                planes.forEach(block, (plane, lane) -> {
                    int pixel = index[plane];
                    int at = to.at(block, pixel / to.width(), pixel % to.width(), lane);
                    memory.putFloat(at, memory.getFloat(at) + (float) dMaximum[plane]);
                });
            }
        });
    }

    @Override
    public void foldAttention(Parameter weights, Parameter average, Parameter maximum, Tensor folded) {
        AttentionRows.fold(array(weights.value()), array(average.value()), array(maximum.value()), array(folded));
    }

    @Override
    public void foldAttentionBackward(Tensor dFolded, Parameter weights, Parameter average, Parameter maximum) {
        AttentionRows.foldBackward(array(dFolded), array(weights.value()), array(average.value()), array(maximum.value()),
                array(weights.gradient()), array(average.gradient()), array(maximum.gradient()));
    }

    @Override
    public void multiply(INDArray matrix, boolean transposed, INDArray vector, INDArray out) {
        if (transposed) {
            VectorAlgebra.multiplyTransposed(matrix, vector, out);
        } else {
            VectorAlgebra.multiply(matrix, vector, out);
        }
    }

    @Override
    public void addOuterProduct(INDArray matrix, double factor, INDArray u, INDArray v) {
        VectorAlgebra.addOuterProduct(matrix, factor, u, v);
    }

    @Override
    public void adam(INDArray parameters, INDArray gradients, INDArray first, INDArray second, AdamStep step) {
        VectorAlgebra.adam(parameters, gradients, first, second, step);
    }

    private static void forEachBlock(MapGeometry maps, InParallel.Action action) {
        InParallel.forEach(maps.blocks(), (long) maps.blocks() * maps.blockFloats(), action);
    }
}
