package io.ugatit.tensor;

import io.ugatit.tensor.host.HostTensor;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where the values of feature maps lie in memory, spelt out independently of any kernels: (N,ceil(C/lanes),H+2p,W+2p,lanes). */
final class MemoryOrder {
    private MemoryOrder() { }

    /** What becomes of one element. */
    private interface Element {
        /**
         * @param memory its position in memory
         * @param plain its position in plain maps of the same shape and padding, or -1 in a lane beyond the last channel
         */
        void at(int memory, int plain, boolean border);
    }

    private static void each(FeatureMaps maps, Element element) {
        int lanes = maps.lanes();
        int padding = maps.padding();
        int rows = maps.height() + 2 * padding;
        int columns = maps.width() + 2 * padding;
        int memory = 0;
        for (int image = 0; image < maps.images(); image++) {
            for (int first = 0; first < maps.channels(); first += lanes) {
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        boolean border = row < padding || row >= padding + maps.height() || column < padding
                                || column >= padding + maps.width();
                        for (int channel = first; channel < first + lanes; channel++) {
                            int plain = channel < maps.channels()
                                    ? ((image * maps.channels() + channel) * rows + row) * columns + column : -1;
                            element.at(memory++, plain, border);
                        }
                    }
                }
            }
        }
    }

    static double[] memory(INDArray array) {
        return array.dup('c').reshape(array.length()).toDoubleVector();
    }

    private static void fill(FeatureMaps maps, double[] memory) {
        INDArray data = HostTensor.array(maps.data());
        data.assign(Nd4j.createFromArray(memory).castTo(data.dataType()).reshape(data.shape()));
    }

    /** Lays plain maps out as other maps of the same shape and padding want it, with zeros in the surplus lanes. */
    static void layOut(FeatureMaps plain, FeatureMaps out) {
        double[] from = memory(HostTensor.array(plain.data()));
        double[] to = new double[(int) HostTensor.array(out.data()).length()];
        each(out, (memory, position, border) -> to[memory] = position < 0 ? 0 : from[position]);
        fill(out, to);
    }

    /** Overwrites the border, surplus lanes as well. */
    static void fillBorder(FeatureMaps maps, double value) {
        double[] values = memory(HostTensor.array(maps.data()));
        each(maps, (memory, plain, border) -> values[memory] = border ? value : values[memory]);
        fill(maps, values);
    }

    /**
     * An interior (N,C,H,W) in the order of maps.
     *
     * @param reflects whether the border is its reflection, or else not a number
     */
    static double[] laidOut(double[] interior, FeatureMaps maps, boolean reflects) {
        int rows = maps.height() + 2 * maps.padding();
        int columns = maps.width() + 2 * maps.padding();
        double[] to = new double[(int) maps.data().length()];
        each(maps, (memory, plain, border) -> {
            if (plain >= 0 && (reflects || !border)) {
                int row = reflected(plain / columns % rows - maps.padding(), maps.height());
                int column = reflected(plain % columns - maps.padding(), maps.width());
                to[memory] = interior[(plain / columns / rows * maps.height() + row) * maps.width() + column];
            } else {
                to[memory] = border && !reflects ? Double.NaN : 0;
            }
        });
        return to;
    }

    private static int reflected(int index, int length) {
        int positive = Math.abs(index);
        return positive < length ? positive : 2 * (length - 1) - positive;
    }

    /** The values in the order of plain maps (N,C,H+2p,W+2p). */
    static double[] withBorder(FeatureMaps maps) {
        return withBorder(memory(HostTensor.array(maps.data())), maps);
    }

    /** As {@link #withBorder(FeatureMaps)}, of a copy of their memory. */
    static double[] withBorder(double[] from, FeatureMaps maps) {
        double[] to = new double[maps.planes() * (maps.height() + 2 * maps.padding()) * (maps.width() + 2 * maps.padding())];
        each(maps, (memory, plain, border) -> {
            if (plain >= 0) {
                to[plain] = from[memory];
            }
        });
        return to;
    }

    /** The values of the interior in the order (N,C,H,W). */
    static double[] interior(FeatureMaps maps) {
        return interior(memory(HostTensor.array(maps.data())), maps);
    }

    /** As {@link #interior(FeatureMaps)}, of a copy of their memory. */
    static double[] interior(double[] memory, FeatureMaps maps) {
        double[] all = withBorder(memory, maps);
        double[] interior = new double[maps.planes() * maps.pixels()];
        int rows = maps.height() + 2 * maps.padding();
        int columns = maps.width() + 2 * maps.padding();
        for (int i = 0; i < interior.length; i++) {
            int row = i / maps.width() % maps.height() + maps.padding();
            int column = i % maps.width() + maps.padding();
            interior[i] = all[(i / maps.pixels() * rows + row) * columns + column];
        }
        return interior;
    }

    /** What the lanes beyond the last channel hold. */
    static double[] surplus(FeatureMaps maps, boolean withBorder) {
        return surplus(memory(HostTensor.array(maps.data())), maps, withBorder);
    }

    /** As {@link #surplus(FeatureMaps, boolean)}, of a copy of their memory. */
    static double[] surplus(double[] values, FeatureMaps maps, boolean withBorder) {
        DoubleStream.Builder surplus = DoubleStream.builder();
        each(maps, (memory, plain, border) -> {
            if (plain < 0 && (withBorder || !border)) {
                surplus.add(values[memory]);
            }
        });
        return surplus.build().toArray();
    }
}
