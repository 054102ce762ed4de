/** The training job: how a run begins or goes on, its rounds, its checkpoints and what it tells. */
package io.ugatit.cluster;
