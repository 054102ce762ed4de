/** Event files that TensorBoard reads: a training's scalars, images and hyperparameters. */
package io.ugatit.tensorboard;
