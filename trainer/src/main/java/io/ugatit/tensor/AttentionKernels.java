package io.ugatit.tensor;

/** The attention module: global pooling, the classifiers of the class activation map, and their weighting in a 1x1 convolution. */
public interface AttentionKernels {

    /** The mean of every plane's interior: N*C values. */
    Values averages(FeatureMaps x);

    /** The largest value of every plane's interior and where it is. */
    Maxima maxima(FeatureMaps x);

    /**
     * Of every plane's interior the value where other maps have their maximum: the derivative of maximum pooling along x.
     *
     * @param x of the shape of the maps that the maxima are of
     */
    Values pick(FeatureMaps x, Maxima maxima);

    /**
     * The gradient of global average and maximum pooling: adds {@code dMean[plane]/(H*W)} to every pixel of a plane's interior and
     * {@code dMaximum[plane]} to the pixel that held its maximum.
     *
     * @param dMaximum null if there was no maximum pooling
     * @param maxima null if there was no maximum pooling
     * @param dx added to
     */
    void addPoolingGradient(Values dMean, Values dMaximum, Maxima maxima, FeatureMaps dx);

    /**
     * The sum over channels.
     *
     * @param x (N,C,H,W) with any border
     * @param sums (N,1,H,W)
     */
    void sumOverChannels(FeatureMaps x, Tensor sums);

    /** The forward pass of a classifier: writes its column of the logits. */
    void classify(Classification classification);

    /**
     * The gradients of {@link #classify}.
     *
     * @param dLogits gradient of both classifiers' logits, N pairs
     * @param wantsWeights whether to add to the weights' gradient
     * @return gradient of the pooled features, N*C values
     */
    Values classifyBackward(Classification classification, Values dLogits, boolean wantsWeights);

    /**
     * The 1x1 convolution of the attention module with its weighting by two classifiers in it: that of
     * {@code cat(x * average, x * maximum)}, as one of x.
     *
     * @param weights of the convolution (C,2C,1,1)
     * @param average weights of the classifier of averages (1,C)
     * @param maximum weights of the classifier of maxima (1,C)
     * @param folded overwritten: (C,C,1,1), contiguous
     */
    void foldAttention(Parameter weights, Parameter average, Parameter maximum, Tensor folded);

    /**
     * The gradients of {@link #foldAttention}'s three parameters, added to theirs.
     *
     * @param dFolded gradient of {@code folded}
     */
    void foldAttentionBackward(Tensor dFolded, Parameter weights, Parameter average, Parameter maximum);

    /**
     * One of the two linear classifiers of the class activation map at work: a logit per image from its pooled features.
     *
     * @param pooled N*C features
     * @param weights (1,C), un-normalised
     * @param pair by whose singular value the logits are divided, in a discriminator; null in a generator
     * @param logits of both classifiers, N pairs
     * @param column which of each pair is this classifier's: 0 or 1
     */
    record Classification(Values pooled, Parameter weights, SpectralPair pair, Values logits, int column) { }

    /**
     * The largest value of every plane.
     *
     * @param value N*C values
     * @param index its position in the plane's interior, row by row; the first of equals
     */
    record Maxima(Values value, Values index) { }
}
