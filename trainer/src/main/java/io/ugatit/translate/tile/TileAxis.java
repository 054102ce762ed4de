package io.ugatit.translate.tile;

/**
 * How the rows or the columns of a picture are covered by tiles: evenly, so that neighbours overlap by three eighths of their size or more.
 * Around the middle of an overlap the one goes and the other comes along a raised cosine, a quarter of a tile long; what is left of the
 * overlap hides what a tile does not know beyond its border. No three tiles meet. Of what is shorter than a tile there is one, around it.
 *
 * @param length rows or columns of the picture, at least 1
 * @param size of a tile, a multiple of 4
 */
public record TileAxis(int length, int size) {

    /** How many tiles there are. */
    public int count() {
        int overlap = 3 * size / 8;
        return length <= size ? 1 : (length - overlap - 1) / (size - overlap) + 1;
    }

    /** The picture's first row or column in a tile, negative where the tile begins before it. */
    int start(int tile) {
        return count() == 1 ? Math.floorDiv(length - size, 2) : (int) Math.round((double) tile * (length - size) / (count() - 1));
    }

    /**
     * The first row or column that a tile has a share in.
     *
     * @param tile from 0
     */
    public int from(int tile) {
        return tile == 0 ? 0 : (start(tile - 1) + size + start(tile)) / 2 - ramp() / 2;
    }

    /**
     * The row or column after the last that a tile has a share in.
     *
     * @param tile from 0
     */
    public int to(int tile) {
        return tile == count() - 1 ? length : from(tile + 1) + ramp();
    }

    /** How many rows or columns two neighbours share. */
    int ramp() {
        return size / 4;
    }

    /** A tile's share in each row or column from {@link #from} to {@link #to}; those of all tiles add up to 1. */
    float[] shares(int tile) {
        float[] shares = new float[to(tile) - from(tile)];
        for (int i = 0; i < shares.length; i++) {
            float coming = tile > 0 && i < ramp() ? rise(i) : 1;
            int left = shares.length - ramp();
            shares[i] = tile < count() - 1 && i >= left ? 1 - rise(i - left) : coming;
        }
        return shares;
    }

    private float rise(int at) {
        return (float) (0.5 - 0.5 * Math.cos(Math.PI * (at + 0.5) / ramp()));
    }
}
