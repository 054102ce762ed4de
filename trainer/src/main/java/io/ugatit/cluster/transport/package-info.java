/** How parameters and moments travel: in chunks of raw bytes, out to the workers and back through a shuffle that averages them. */
package io.ugatit.cluster.transport;
