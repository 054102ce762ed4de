package io.ugatit.tensorboard;

/**
 * A picture for TensorBoard.
 *
 * @param width pixels
 * @param height pixels
 * @param file a whole PNG or JPEG file, RGB
 */
public record EventImage(int width, int height, byte[] file) { }
