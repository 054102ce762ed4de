package io.ugatit.translate;

import io.ugatit.image.FittedImage;
import io.ugatit.image.ImageDecoder;
import io.ugatit.image.ImageFile;
import io.ugatit.image.ImageFormatException;
import io.ugatit.image.RgbImage;
import io.ugatit.input.InputFile;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import io.ugatit.job.NameEncoding;
import io.ugatit.job.PathOption;
import io.ugatit.publish.Publishing;
import io.ugatit.report.markup.Html;
import io.ugatit.report.markup.ImageTable;
import io.ugatit.report.markup.ImageTable.Tile;
import io.ugatit.translate.output.Folder;
import io.ugatit.translate.output.PlannedImage;
import io.ugatit.translate.output.TranslationWriter;
import io.ugatit.translate.sheet.ComparisonSheet;
import io.ugatit.translate.source.SourceImages;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The sheet of a job whose passes are done: reads images and translations where they lie, so that it shows what earlier jobs have made too. */
final class SheetOfPasses {
    private final TranslateOptions options;
    private final Configuration configuration;
    private final List<PlannedPass> passes;

    SheetOfPasses(TranslateOptions options, Configuration configuration, List<PlannedPass> passes) {
        this.options = options;
        this.configuration = configuration;
        this.passes = passes;
    }

    /**
     * Where the sheet goes.
     *
     * @return none if it is not asked for
     * @throws InvalidRequestException if no file can be there
     * @throws JobFailedException if the file system does not answer
     */
    static Optional<Path> file(Configuration configuration, TranslateOptions options) {
        if (options.sheet() == null) {
            return Optional.empty();
        }
        Path file = PathOption.qualified(configuration, "--sheet", options.sheet());
        NameEncoding.require("--sheet", file);
        PathOption.folder(configuration, "--sheet", file.getParent().toString());
        try {
            if (Publishing.fileSystem(configuration, file).exists(file)
                    && Publishing.fileSystem(configuration, file).getFileStatus(file).isDirectory()) {
                throw new InvalidRequestException("--sheet is " + file + ": is a folder, must be a file");
            }
        } catch (IOException e) {
            throw new JobFailedException("cannot look at --sheet " + file + ": " + FileFailure.reason(e) + "; nothing was written", e);
        }
        return Optional.of(file);
    }

    /**
     * Writes the sheet.
     *
     * @throws JobFailedException if it cannot be written, or an image cannot be read
     */
    void write(Path file) {
        try {
            ComparisonSheet sheet = sheet();
            Publishing.write(configuration, file, out -> {
                Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                sheet.write(new Html(writer));
                writer.flush();
            });
        } catch (IOException e) {
            throw new JobFailedException("cannot write the sheet " + file + ": " + FileFailure.reason(e) + "; " + TranslationWriter.SAFE, e);
        }
    }

    private ComparisonSheet sheet() throws IOException {
        List<ComparisonSheet.Section> sections = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        for (Direction direction : options.directions().each()) {
            List<PlannedPass> same = passes.stream().filter(pass -> pass.pass().direction() == direction).toList();
            List<PlannedImage> images = spread(same.get(0).wanted());
            shown.add(images.size() + " of " + same.get(0).contents().files().size() + " images, " + direction.inWords());
            sections.add(new ComparisonSheet.Section(direction.word(), direction.inWords(), table(same, images)));
        }
        String name = new Path(options.run() == null ? options.weights() : options.run()).getName();
        return new ComparisonSheet(name, String.join("; ", shown) + ".", sections);
    }

    private static List<PlannedImage> spread(List<PlannedImage> images) {
        int count = Math.min(ComparisonSheet.MOST_ROWS, images.size());
        return IntStream.range(0, count).mapToObj(i -> images.get((int) ((long) i * images.size() / count))).toList();
    }

    private ImageTable table(List<PlannedPass> same, List<PlannedImage> images) throws IOException {
        Map<String, Tile> sources = sources(same.get(0), images);
        List<List<Tile>> rows = new ArrayList<>();
        for (PlannedImage image : images) {
            List<Tile> row = new ArrayList<>(List.of(sources.get(image.image().path())));
            for (PlannedPass pass : same) {
                row.add(translation(pass, image));
            }
            rows.add(row);
        }
        return new ImageTable(Stream.concat(Stream.of("source"), same.stream().map(pass -> pass.pass().label())).toList(), rows);
    }

    /** Archives are gone through once, from front to back. */
    private Map<String, Tile> sources(PlannedPass pass, List<PlannedImage> images) throws IOException {
        Map<String, Tile> tiles = new HashMap<>();
        AsTranslated use = new AsTranslated();
        try (SourceImages files = new SourceImages(configuration, pass.root())) {
            for (InputFile image : images.stream().map(PlannedImage::image).sorted(InputFile.IN_READING_ORDER).toList()) {
                tiles.put(image.path(), source(files.file(image), pass.pass().generator().options().size(), use));
            }
        }
        return tiles;
    }

    private Tile source(ImageFile file, int size, AsTranslated use) {
        try {
            return Tile.of(new ImageDecoder(options.maxPixels()).decode(file, options.resize(), size, options.shape().transparency(), use),
                    file.name());
        } catch (ImageFormatException e) {
            return Tile.none(file.name() + ": " + e.getMessage());
        }
    }

    /** The source in the shape that its translation has. */
    private final class AsTranslated implements FittedImage.Use<RgbImage> {
        @Override
        public long bytes(int width, int height) {
            return ComparisonSheet.shrinkingBytes(height);
        }

        @Override
        public RgbImage of(FittedImage image, byte[] file) {
            return ComparisonSheet.shrunk(options.shape().isOfOwnSize() ? image.part() : image.square());
        }
    }

    private Tile translation(PlannedPass pass, PlannedImage image) throws IOException {
        Path file = new Folder(configuration, pass.target().path()).file(image.translation());
        String name = image.image().path() + ", " + pass.pass().label();
        try {
            byte[] bytes = Publishing.read(configuration, file, (int) ImageFile.MAX_LENGTH);
            return Tile.of(ComparisonSheet.shrunk(new ImageDecoder(ImageDecoder.LIMIT).decode(bytes)), name);
        } catch (FileNotFoundException e) {
            return Tile.none("no translation");
        } catch (ImageFormatException e) {
            return Tile.none("cannot be shown: " + e.getMessage());
        }
    }
}
