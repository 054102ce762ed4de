package io.ugatit.translate.tile;

/** Of what the statistics are that the tiles of a picture are normalised with, and AdaLIN's gamma and beta. */
public enum TileStatistics {
    /** Of the whole picture, scaled to the network's size: as the network was trained, and the same for all tiles. */
    WHOLE("the whole picture"),
    /** Of each tile, as if it was a picture of its own. */
    TILE("each tile");

    private final String words;

    TileStatistics(String words) {
        this.words = words;
    }

    /** Of what they are, in words. */
    public String words() {
        return words;
    }
}
