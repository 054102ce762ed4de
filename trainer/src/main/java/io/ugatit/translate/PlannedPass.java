package io.ugatit.translate;

import io.ugatit.input.FolderContents;
import io.ugatit.translate.output.MissingTranslations;
import io.ugatit.translate.output.PlannedImage;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * What a job has found out about a pass before it writes anything.
 *
 * @param pass which generator and folder
 * @param root what the places of images are relative to; null if they have none in a dry run
 * @param contents what the input holds
 * @param wanted the translations of all images that are chosen
 * @param todo those of them that are still to be made
 * @param target where they go, and what is missing there of all images
 */
record PlannedPass(Pass pass, Path root, FolderContents contents, List<PlannedImage> wanted, List<PlannedImage> todo,
        MissingTranslations target) { }
