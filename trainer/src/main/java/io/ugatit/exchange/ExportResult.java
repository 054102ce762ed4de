package io.ugatit.exchange;

import io.ugatit.model.Network;
import java.util.List;

/**
 * What the export job made.
 *
 * @param step of the checkpoint, 0 for an imported one
 * @param networks those in the file; empty if no file was asked for
 * @param output the file; null if none was asked for
 * @param hub the folder for a hub; null if none was asked for
 */
public record ExportResult(long step, List<Network> networks, String output, String hub) { }
