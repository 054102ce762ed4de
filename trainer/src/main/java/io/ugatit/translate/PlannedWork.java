package io.ugatit.translate;

import io.ugatit.input.FolderContents;
import java.util.List;

/**
 * What a job has found out before it writes anything.
 *
 * @param input the images' folder
 * @param contents what it holds
 * @param wanted the translations of all images that are chosen
 * @param todo those of them that are still to be made
 * @param generator that makes them
 * @param target where they go
 */
record PlannedWork(Folder input, FolderContents contents, List<Provenance> wanted, List<Provenance> todo, GeneratorSource generator,
        OutputFolder target) { }
