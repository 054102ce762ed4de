package io.ugatit.exchange;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ugatit.exchange.hub.ModelCard;
import io.ugatit.exchange.onnx.OnnxModel;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Publishing.Content;
import io.ugatit.report.sample.SampleIndex;
import io.ugatit.translate.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * The files of a folder for a hub of models: README.md, config.json, the weights of all six networks, both generators as ONNX models where
 * these hold so much, and the sample sheets of the exported step or the last before it, if the run has any.
 */
final class HubFolder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final ExportSource source;
    private final Consumer<String> say;

    /** @param say takes a line if there are no ONNX models */
    HubFolder(ExportSource source, Consumer<String> say) {
        this.source = source;
        this.say = say;
    }

    /**
     * What writes the files, by name.
     *
     * @param name of the model
     * @param license in the hub's spelling
     * @param weights open until all is written
     * @throws io.ugatit.job.InvalidRequestException if an evaluation or an index of samples is damaged
     * @throws IOException if the file system fails
     */
    Map<String, Content> files(String name, String license, CheckpointWeights weights) throws IOException {
        Map<String, Content> files = new LinkedHashMap<>();
        byte[] config = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(source.description());
        files.put("config.json", out -> out.write(config));
        SafetensorsModel model = SafetensorsModel.all(source.network(), source.metadata());
        files.put("model.safetensors", out -> model.write(out, weights));
        boolean onnx = true;
        for (Direction direction : Direction.values()) {
            Optional<OnnxModel> generator = OnnxModel.ifItFits(direction.generator(), source.network(), source.step(), source.metadata());
            generator.ifPresent(found -> files.put(direction.generator().key() + ".onnx", out -> found.write(out, weights::copy)));
            onnx &= generator.isPresent();
        }
        if (!onnx) {
            say.accept("--hub: the folder is made without ONNX models, which hold at most 2 GiB: a full generator for images of "
                    + source.network().size() + " x " + source.network().size() + " takes more");
        }
        Optional<SampleIndex> samples = samples();
        Map<String, String> sheets = new LinkedHashMap<>();
        samples.ifPresent(index -> index.sheets(source.run()).forEach((direction, file) -> {
            sheets.put(direction, "samples-" + direction + ".png");
            files.put(sheets.get(direction), copy(file));
        }));
        byte[] card = ModelCard.of(name, license, source.network(), onnx, source.description(), source.run(), sheets,
                samples.map(SampleIndex::step).orElse(0L)).getBytes(StandardCharsets.UTF_8);
        files.put("README.md", out -> out.write(card));
        return files;
    }

    private Optional<SampleIndex> samples() throws IOException {
        List<SampleIndex> until = SampleIndex.readAll(source.run()).stream().filter(index -> index.step() <= source.step()).toList();
        return until.isEmpty() ? Optional.empty() : Optional.of(until.get(until.size() - 1));
    }

    private Content copy(Path file) {
        return out -> {
            try (InputStream in = Publishing.fileSystem(source.run().configuration(), file).open(file)) {
                in.transferTo(out);
            }
        };
    }
}
