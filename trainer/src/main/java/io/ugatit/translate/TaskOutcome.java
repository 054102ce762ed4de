package io.ugatit.translate;

import io.ugatit.input.LeftOut;
import java.io.Serializable;
import java.util.List;

/**
 * What became of a task's images.
 *
 * @param leftOut those that could not be translated
 * @param metadataCut translations without all of their metadata
 */
record TaskOutcome(List<LeftOut> leftOut, long metadataCut) implements Serializable { }
