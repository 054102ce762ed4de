/** What a run holds on any Hadoop file system: configuration, checkpoints and metrics. */
package io.ugatit.checkpoint;
