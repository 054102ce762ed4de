package io.ugatit.evaluate.inception;

/** What 3 x 3 values of the last block's input become in its pooled branch. */
enum Pooling {
    /** Their mean, as in the paper. */
    MEAN,
    /** The largest, as in TensorFlow's network of 2015, with which FID is measured. */
    LARGEST
}
