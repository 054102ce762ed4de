package io.ugatit.dataset;

/** The two kinds of images a model translates between. */
public enum Domain {
    /** The images of {@code trainA} and {@code testA}. */
    A,
    /** The images of {@code trainB} and {@code testB}. */
    B;

    /** The other one. */
    public Domain other() {
        return this == A ? B : A;
    }
}
