package io.ugatit.translate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.input.InputFile;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.tensor.choice.KernelChoice;
import io.ugatit.translate.generator.TranslatorPool;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.MissingTranslations;
import io.ugatit.translate.output.OutputFolder;
import io.ugatit.translate.output.OutputKind;
import io.ugatit.translate.output.Plan;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.PresentTranslations;
import io.ugatit.translate.output.TranslationRecord;
import io.ugatit.translate.source.ImageSource;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Finds out what each pass of a job has to do, before any of them writes. */
final class TranslatePlan {
    private final TranslateOptions options;
    private final Configuration configuration;
    private final Folder output;
    private final PrintStream out;

    /**
     * @param output the job's
     * @param out where progress lines go
     */
    TranslatePlan(TranslateOptions options, Configuration configuration, Folder output, PrintStream out) {
        this.options = options;
        this.configuration = configuration;
        this.output = output;
        this.out = out;
    }

    /**
     * Plans the passes.
     *
     * @param sources what they read, which may write hidden files to that end unless it is a dry run
     * @return in the order of the passes
     * @throws InvalidRequestException if inputs, outputs or models are not what they must be
     * @throws IOException if a file system does not answer
     */
    List<PlannedPass> of(List<Pass> passes, InputSources sources) throws IOException {
        requireOfSeveral();
        Map<Pass, PresentTranslations> targets = new LinkedHashMap<>();
        for (Pass pass : passes) {
            ImageSource source = sources.of(pass.direction());
            source.requireOutside(output, options.to().kind().option());
            OutputFolder target = new OutputFolder(folder(pass), options.to().kind(), record(source, pass));
            targets.put(pass, target.look(options.overwrite()));
        }
        Map<Pass, PlannedPass> planned = new LinkedHashMap<>();
        for (Direction direction : options.directions().each()) {
            List<Pass> same = passes.stream().filter(pass -> pass.direction() == direction).toList();
            plan(same, sources.of(direction), targets, planned);
        }
        return passes.stream().map(planned::get).toList();
    }

    /** Where a pass's translations go. */
    Folder folder(Pass pass) {
        return pass.below().isEmpty() ? output : new Folder(configuration, output.file(pass.below()));
    }

    /** Folders for each pass do not go among the translations of one. */
    private void requireOfSeveral() throws IOException {
        if (options.isOfSeveral() && output.fileSystem().exists(output.file(TranslationRecord.FILE))) {
            String option = options.to().kind().option();
            throw new InvalidRequestException(option + " is " + output.path() + ": holds translations of one direction by one checkpoint, and"
                    + " would get folders for each; choose another " + option);
        }
    }

    private void plan(List<Pass> passes, ImageSource source, Map<Pass, PresentTranslations> targets, Map<Pass, PlannedPass> planned)
            throws IOException {
        boolean dry = options.selection().dryRun();
        ImageSource.Found read = dry ? null : source.find(passes.stream().map(targets::get).toList(), options.sheet() != null);
        for (Pass pass : passes) {
            PresentTranslations target = targets.get(pass);
            ImageSource.Found found = dry ? source.look(target) : read;
            List<PlannedImage> all = Plan.of(found.contents().files(), options.to().kind(), options.format(), options.heatmaps());
            MissingTranslations missing = target.missing(all);
            List<PlannedImage> wanted = options.selection().choose(all);
            List<PlannedImage> todo = missing.images(wanted);
            say(pass, missing.counts());
            requireModel(pass);
            planned.put(pass, new PlannedPass(pass, found.root(), found.contents(), wanted, dry ? todo : withPlaces(todo, source), missing));
        }
    }

    /** What is made again because it shares a file with something that changed may not have been there to be read. */
    private static List<PlannedImage> withPlaces(List<PlannedImage> todo, ImageSource source) throws IOException {
        Map<String, InputFile> brought = source.bring(todo.stream().map(PlannedImage::image).toList());
        if (brought.isEmpty()) {
            return todo;
        }
        List<PlannedImage> all = new ArrayList<>();
        for (PlannedImage image : todo) {
            all.add(new PlannedImage(brought.getOrDefault(image.image().path(), image.image()), image.translation()));
        }
        return all;
    }

    private void say(Pass pass, MissingTranslations.Counts counts) {
        String where = pass.below().isEmpty() ? "" : pass.below() + ": ";
        if (counts.replaced() > 0) {
            out.println(where + counts.replaced() + " images were replaced since they were translated: they are translated again"
                    + (options.to().kind() == OutputKind.FILES ? "" : ", and those that are in one file with them"));
        }
        if (counts.lost() > 0) {
            out.println(where + counts.lost() + " translations of images that are gone, or not asked for now, are in one file with them:"
                    + " they are dropped");
        }
        if (counts.renamed() > 0) {
            out.println(where + counts.renamed() + " translations get other names, since other images are called alike now: they are made again");
        }
        if (counts.leftOver() > 0) {
            out.println(where + counts.leftOver() + " files of earlier translations are not overwritten, since their images are not there: they"
                    + " stay as they were made");
        }
        boolean allKnown = !options.from().isTable() || options.selection().limit() == null;
        if (allKnown && counts.orphans() > 0) {
            out.println(where + counts.orphans() + " translations are of images that are no longer there: they stay");
        }
    }

    /** Reads the parameters once, so that damaged ones are found before anything is written, and kernels that do not reach. */
    private void requireModel(Pass pass) throws IOException {
        options.kernels().requireReach(pass.generator().options().largestMapBytes(options.batch()));
        KernelChoice kernels = KernelChoice.orFastest(options.kernels());
        TranslatorPool.SHARED.giveBack(pass.generator(), kernels,
                TranslatorPool.SHARED.borrow(configuration, pass.generator(), kernels));
    }

    /** Everything that decides the bits of a translation. */
    private ObjectNode record(ImageSource source, Pass pass) {
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("input", source.name());
        record.put("model", pass.generator().file());
        record.put("model-length", pass.generator().length());
        record.put("model-modified", pass.generator().modified());
        record.put("direction", pass.direction().word());
        record.put("size", pass.generator().options().size());
        record.put("resize", options.resize().name().toLowerCase(Locale.ROOT));
        record.put("format", options.format().name().toLowerCase(Locale.ROOT));
        record.put("heatmaps", options.heatmaps());
        record.put(TranslationRecord.SHAPE, options.shape().shape());
        record.put(TranslationRecord.ALPHA, options.shape().alpha().toLowerCase(Locale.ROOT));
        record.put(TranslationRecord.METADATA, options.shape().keepMetadata());
        record.put(TranslationRecord.PRECISION, options.kernels().precision().toString());
        return record;
    }
}
