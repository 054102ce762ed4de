package io.ugatit.tensor.cpu.pass;

import static io.ugatit.tensor.cpu.pass.VectorRows.LANES;
import static io.ugatit.tensor.cpu.pass.VectorRows.SPECIES;

import io.ugatit.tensor.FeatureMaps;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Which planes the lanes of a block hold, and per-plane values as vectors over a block.
 *
 * @param lanes channels of a block
 * @param channels of an image
 */
public record PlaneValues(int lanes, int channels) {

    /** Of the planes of maps. */
    public static PlaneValues of(FeatureMaps maps) {
        return new PlaneValues(maps.lanes(), maps.channels());
    }

    /** Something done for a plane and the lane of its block that holds it. */
    public interface Visit {
        /** @param lane of the block */
        void plane(int plane, int lane);
    }

    /** Does something for every plane of a block. */
    public void forEach(int block, Visit visit) {
        int first = firstPlane(block);
        int count = planes(block);
        for (int lane = 0; lane < count; lane++) {
            visit.plane(first + lane, lane);
        }
    }

    private int blocksOfImage() {
        return (channels + lanes - 1) / lanes;
    }

    private int firstPlane(int block) {
        return block / blocksOfImage() * channels + block % blocksOfImage() * lanes;
    }

    private int planes(int block) {
        return Math.min(lanes, channels - block % blocksOfImage() * lanes);
    }

    /** The values of a block's planes: one everywhere for plain maps; zero in lanes beyond the last channel. */
    public FloatVector vector(double[] values, int block) {
        return FloatVector.fromArray(SPECIES, lanes(values, block), 0);
    }

    /** The same as an array. */
    public float[] lanes(double[] values, int block) {
        int first = firstPlane(block);
        float[] ofLanes = new float[LANES];
        if (lanes == 1) {
            Arrays.fill(ofLanes, (float) values[first]);
        } else {
            for (int lane = 0; lane < planes(block); lane++) {
                ofLanes[lane] = (float) values[first + lane];
            }
        }
        return ofLanes;
    }

    /** The sum that belongs to a plane: its lane's, or all lanes' for plain maps. */
    public double sum(LaneSums sums, int lane) {
        return lanes == 1 ? sums.total() : sums.of(lane);
    }
}
