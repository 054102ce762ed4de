package io.ugatit.prep.version;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import io.ugatit.input.LeftOut;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.prep.source.SourceFile;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * The list of all files that a version of a data set knows: compressed JSON lines, ordered by folder and source, about 70 bytes a file.
 * Spark reads it as it is, {@code spark.read().json("DATASET/versions/1/files.jsonl.gz")}; a line without {@code kind} is an image of the
 * version.
 */
public final class FileList {
    /** Name of the list in the folder of its version. */
    public static final String FILE = "files.jsonl.gz";

    private static final int BUFFER = 1 << 16;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE) // which took longer than writing
            .build();

    private static final Map<String, Folder> FOLDERS = Stream.of(Domain.values())
            .flatMap(domain -> Stream.of(Split.values()).map(split -> new Folder(domain, split)))
            .collect(Collectors.toMap(folder -> SourceFile.folder(folder.domain(), folder.split()), folder -> folder));

    private FileList() {}

    private record Folder(Domain domain, Split split) {}

    /** A line. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(
            @JsonProperty(value = "folder", required = true) String folder,
            @JsonProperty(value = "source", required = true) String source,
            @JsonProperty(value = "length", required = true) long length,
            @JsonProperty(value = "modified", required = true) long modified,
            @JsonProperty("sha256") String sha256,
            @JsonProperty("shard") Integer shard,
            @JsonProperty("row") Integer row,
            @JsonProperty("look") String look,
            @JsonProperty("kind") LeftOut.Kind kind,
            @JsonProperty("reason") String reason) {

        static Line of(KnownFile known) {
            SourceFile file = known.file();
            StoredImage stored = known.stored();
            LeftOut leftOut = known.leftOut();
            return new Line(SourceFile.folder(file.domain(), file.split()), file.source(), file.length(), file.modified(),
                    known.digest() == null ? null : known.digest().hex(),
                    stored == null ? null : (Integer) stored.shard(),
                    stored == null ? null : (Integer) stored.row(),
                    stored == null ? null : HexFormat.of().toHexDigits(stored.look()),
                    leftOut == null ? null : leftOut.kind(),
                    leftOut == null ? null : leftOut.reason());
        }

        /** @throws IllegalArgumentException if the values do not go together */
        KnownFile known() {
            SourceFile file = file();
            boolean isStored = shard != null && row != null && look != null && sha256 != null;
            if (source == null || source.isEmpty() || length < 0 || (kind == null ? !isStored : reason == null)
                    || isStored && (shard < 0 || row < 0)) {
                throw new IllegalArgumentException("the line of " + file.name() + " has impossible values");
            }
            return new KnownFile(file, sha256 == null ? null : FileDigest.parse(sha256),
                    isStored ? new StoredImage(shard, row, HexFormat.fromHexDigitsToLong(look)) : null,
                    kind == null ? null : new LeftOut(file.name(), kind, reason));
        }

        private SourceFile file() {
            Folder in = FOLDERS.get(folder);
            if (in == null) {
                throw new IllegalArgumentException("there is no folder " + folder);
            }
            return new SourceFile(in.domain(), in.split(), source, length, modified);
        }
    }

    /**
     * Writes the list.
     *
     * @param files ordered by folder and source
     * @param out is left open
     * @throws IOException if that cannot be written
     */
    public static void write(Iterable<KnownFile> files, OutputStream out) throws IOException {
        GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER) {
            {
                def.setLevel(Deflater.BEST_SPEED); // most of a line is a hash, which nothing makes shorter
            }
        };
        Writer text = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8), BUFFER);
        try (SequenceWriter lines = JSON.writerFor(Line.class).withRootValueSeparator("\n").writeValues(text)) {
            for (KnownFile file : files) {
                lines.write(Line.of(file));
            }
        }
        text.write('\n');
        text.flush();
        packed.finish();
    }

    /**
     * Reads a list.
     *
     * @param in the file's bytes
     * @param name the file's name, for messages
     * @return ordered by folder and source
     * @throws InvalidRequestException if it is damaged
     * @throws IOException if it cannot be read
     */
    static List<KnownFile> read(InputStream in, String name) throws IOException {
        List<KnownFile> files = new ArrayList<>();
        ObjectReader lines = JSON.readerFor(Line.class);
        try (MappingIterator<Line> line = lines.readValues(new GZIPInputStream(in, BUFFER))) {
            while (line.hasNextValue()) {
                KnownFile file = line.nextValue().known();
                if (!files.isEmpty() && SourceFile.BY_FOLDER_AND_SOURCE.compare(files.get(files.size() - 1).file(), file.file()) >= 0) {
                    throw new IllegalArgumentException(file.file().name() + " is not in order");
                }
                files.add(file);
            }
        } catch (JsonProcessingException e) {
            throw damaged(name, e.getOriginalMessage(), e);
        } catch (IllegalArgumentException | ZipException | EOFException e) {
            throw damaged(name, e.getMessage(), e);
        }
        return files;
    }

    private static InvalidRequestException damaged(String name, String reason, Exception cause) {
        return new InvalidRequestException(name + " is damaged (" + String.valueOf(reason).lines().findFirst().orElse("")
                + "): prepare the dataset anew, with another --output", cause);
    }
}
