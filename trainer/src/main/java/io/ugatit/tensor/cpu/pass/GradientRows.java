package io.ugatit.tensor.cpu.pass;

import static io.ugatit.tensor.host.HostTensor.memory;

import io.ugatit.tensor.Activation;
import io.ugatit.tensor.FeatureMaps;
import java.nio.ByteBuffer;

/**
 * What the gradient of an activated affine map is computed from, row by row: {@code g = dOut * activation'} and the map's input y.
 *
 * @param dOut gradient of the output
 * @param gradients where its rows are
 * @param signs the output, whose signs tell the derivative
 * @param outputs where its rows are
 * @param y the input
 * @param maps where its rows are
 */
public record GradientRows(ByteBuffer dOut, MapGeometry gradients, ByteBuffer signs, MapGeometry outputs, Activation activation, ByteBuffer y,
        MapGeometry maps) {

    /** Of maps of one shape, with any border. */
    public static GradientRows of(FeatureMaps dOut, FeatureMaps out, Activation activation, FeatureMaps y) {
        // without an activation any output will do; y is read anyway
        FeatureMaps signs = activation == Activation.NONE ? y : out;
        return new GradientRows(memory(dOut), MapGeometry.of(dOut), memory(signs), MapGeometry.of(signs), activation, memory(y),
                MapGeometry.of(y));
    }

    /** Adds a row's g, and its g y, to sums. */
    public void sums(int block, int row, LaneSums sumG, LaneSums sumGy) {
        VectorRows.sums(dOut, gradients.row(block, row), signs, outputs.row(block, row), activation, y, maps.row(block, row),
                maps.rowFloats(), sumG, sumGy);
    }

    /** Writes {@code ofG g + ofY y + constant}. */
    public void combine(int block, int row, float[] ofG, float[] ofY, float[] constant, ByteBuffer target, int at) {
        VectorRows.combine(dOut, gradients.row(block, row), signs, outputs.row(block, row), activation, y, maps.row(block, row),
                maps.rowFloats(), ofG, ofY, constant, target, at);
    }
}
