/** A run's folder on any Hadoop file system: its configuration, and checkpoints that are published whole or not at all. */
package io.ugatit.checkpoint;
