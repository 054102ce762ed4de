package io.ugatit.tensor.cpu;

import static io.ugatit.tensor.cpu.VectorRows.LANES;
import static io.ugatit.tensor.cpu.VectorRows.SPECIES;

import io.ugatit.tensor.FeatureMaps;
import jdk.incubator.vector.FloatVector;

/**
 * Which planes the lanes of a block hold, and per-plane values as vectors over a block.
 *
 * @param lanes channels of a block
 * @param channels of an image
 */
record PlaneValues(int lanes, int channels) {

    static PlaneValues of(FeatureMaps maps) {
        return new PlaneValues(maps.lanes(), maps.channels());
    }

    /** Something done for a plane and the lane of its block that holds it. */
    interface Visit {
        void plane(int plane, int lane);
    }

    void forEach(int block, Visit visit) {
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
    FloatVector vector(double[] values, int block) {
        int first = firstPlane(block);
        if (lanes == 1) {
            return FloatVector.broadcast(SPECIES, (float) values[first]);
        }
        float[] ofLanes = new float[LANES];
        for (int lane = 0; lane < planes(block); lane++) {
            ofLanes[lane] = (float) values[first + lane];
        }
        return FloatVector.fromArray(SPECIES, ofLanes, 0);
    }

    /** The sum that belongs to a plane: its lane's, or all lanes' for plain maps. */
    double sum(LaneSums sums, int lane) {
        return lanes == 1 ? sums.total() : sums.of(lane);
    }
}
