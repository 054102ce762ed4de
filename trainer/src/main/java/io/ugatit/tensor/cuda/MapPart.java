package io.ugatit.tensor.cuda;

import static io.ugatit.tensor.cuda.CudaTensor.address;
import static io.ugatit.tensor.cuda.Lane.shape;

import io.ugatit.tensor.FeatureMaps;

/** The passes of {@link io.ugatit.tensor.MapKernels}: {@code copying.cu} and {@code upsampling.cu}. */
final class MapPart {
    private final Lane lane;

    MapPart(Lane lane) {
        this.lane = lane;
    }

    void copy(FeatureMaps x, FeatureMaps out) {
        lane.rows("copy_maps", out, out.padding()).pointer(address(x)).ints(shape(x)).pointer(address(out)).ints(shape(out)).run();
    }

    void add(FeatureMaps x, FeatureMaps to) {
        lane.rows("add_maps", to, 0).pointer(address(x)).ints(shape(x)).pointer(address(to)).ints(shape(to)).run();
    }

    void upsample(FeatureMaps x, FeatureMaps out) {
        lane.rows("upsample", out, out.padding()).pointer(address(x)).ints(shape(x)).pointer(address(out)).int32(out.padding()).run();
    }

    void upsampleBackward(FeatureMaps dOut, FeatureMaps dx) {
        lane.rows("upsample_backward", dx, 0).pointer(address(dOut)).int32(dOut.padding()).ints(shape(dx)).pointer(address(dx)).run();
    }
}
