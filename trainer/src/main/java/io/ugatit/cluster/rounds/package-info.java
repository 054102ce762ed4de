/** One round: dl4j-spark's master and worker with the alternating step of a GAN, and what becomes of the workers' results. */
package io.ugatit.cluster.rounds;
