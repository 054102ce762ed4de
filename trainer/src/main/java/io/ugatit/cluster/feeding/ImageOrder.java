package io.ugatit.cluster.feeding;

/** Which image comes when. */
public enum ImageOrder {
    /** A new random order every epoch, the same for the same seed. */
    SHUFFLED,
    /** By source file name, over and over. */
    SEQUENTIAL
}
