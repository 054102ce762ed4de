package io.ugatit.tensor;

import io.ugatit.gpucheck.Side;
import java.util.stream.DoubleStream;

/** Maps go in and out as they lie in memory, spelt out independently of any kernels, and lanes beyond the last channel must be zero. */
final class LaidOutSide extends Side {
    LaidOutSide(Compute compute) {
        super(compute);
    }

    @Override
    public FeatureMaps laidOut(double[] interior, int images, int channels, int height, int width, int padding, boolean reflects) {
        FeatureMaps maps = absentMaps(images, channels, height, width, padding);
        kernels().write(array(MemoryOrder.laidOut(interior, maps, reflects), maps.data().length()), maps.data());
        return maps;
    }

    @Override
    public void compare(FeatureMaps maps) {
        double[] memory = read(maps.data());
        results().add(MemoryOrder.withBorder(memory, maps));
        compareSurplus(memory, maps, true);
    }

    @Override
    public void compareInterior(FeatureMaps maps) {
        double[] memory = read(maps.data());
        results().add(MemoryOrder.interior(memory, maps));
        compareSurplus(memory, maps, false);
    }

    private void compareSurplus(double[] memory, FeatureMaps maps, boolean withBorder) {
        results().add(new double[] {DoubleStream.of(MemoryOrder.surplus(memory, maps, withBorder)).map(Math::abs).sum()});
    }
}
