package io.ugatit.evaluate.inception;

import java.io.IOException;

/** Where the weights of {@link InceptionV3} come from. Used by one thread. */
interface InceptionWeights {

    /**
     * The weights of a convolution with its batch normalization.
     *
     * @param number of the convolution in the order of {@link InceptionV3}, from 1
     * @throws io.ugatit.job.InvalidRequestException if they are missing or not what they must be; one line that names file and tensor
     * @throws IOException if they cannot be read
     */
    FoldedConvolution of(Convolution convolution, int number) throws IOException;
}
