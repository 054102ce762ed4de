/** Training on Spark: dl4j-spark's parameter averaging with a worker that trains a GAN, its images, rounds and checkpoints. */
package io.ugatit.cluster;
