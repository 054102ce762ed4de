package io.ugatit.retrain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.job.FileFailure;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.publish.Publishing;
import io.ugatit.publish.Removal;
import io.ugatit.storage.Numbers;
import io.ugatit.storage.ObjectStore;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Small JSON files {@code NNNN.json} in a folder, numbered from 1: the next one's number is behind the last, whatever the clock says.
 *
 * @param configuration finds the file system
 * @param folder of the files; made with the first
 * @param type what a file holds
 * @param upgrade makes what older versions wrote like what this one does
 */
record Records<T>(Configuration configuration, Path folder, Class<T> type, Consumer<ObjectNode> upgrade) {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern NAME = Pattern.compile("(\\d{4,9})\\.json");
    private static final JsonMapper JSON = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Those of which all files are of this version. */
    Records(Configuration configuration, Path folder, Class<T> type) {
        this(configuration, folder, type, json -> { });
    }

    /**
     * All that can be read, in the order of their numbers: for those of which none decides anything.
     *
     * @param warn takes one line for each damaged file, which is left out
     */
    List<T> all(Consumer<String> warn) throws IOException {
        List<T> records = new ArrayList<>();
        for (int number : numbers()) {
            readable(number, warn).ifPresent(records::add);
        }
        return records;
    }

    /**
     * One of them; empty if there is none that can be read.
     *
     * @param warn takes a line if the file is damaged or cannot be read
     */
    Optional<T> readable(int number, Consumer<String> warn) {
        try {
            return read(number);
        } catch (InvalidRequestException e) {
            warn.accept(e.getMessage() + "; it is left out");
        } catch (IOException e) {
            warn.accept("cannot read " + file(number) + ": " + FileFailure.reason(e) + "; it is left out");
        }
        return Optional.empty();
    }

    /**
     * One of them; empty if there is none.
     *
     * @throws InvalidRequestException if the file does not hold such a record
     */
    Optional<T> read(int number) throws IOException {
        Path file = file(number);
        try {
            JsonNode json = JSON.readTree(Publishing.read(configuration, file, MAX_BYTES));
            if (json instanceof ObjectNode object) {
                upgrade.accept(object);
            }
            T record = JSON.treeToValue(json, type);
            if (record == null) {
                throw new InvalidRequestException(file + " is damaged: it holds nothing");
            }
            return Optional.of(record);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JacksonException e) {
            throw new InvalidRequestException(file + " is damaged: " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw new InvalidRequestException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Publishes one, in place of one of its number. */
    void publish(int number, T record) throws IOException {
        Publishing.write(configuration, file(number), JSON.writeValueAsBytes(record));
    }

    /** Publishes one behind the last. */
    void add(T record) throws IOException {
        List<Integer> numbers = numbers();
        publish(numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1, record);
    }

    /** Deletes all but the newest. */
    void keep(int newest) throws IOException {
        List<Integer> numbers = numbers();
        for (int number : numbers.subList(0, Math.max(0, numbers.size() - newest))) {
            Removal.asFarAsPossible(() -> Removal.remove(configuration, file(number)));
        }
    }

    /** Where one is, or would be. */
    Path file(int number) {
        return new Path(folder, String.format(Locale.ROOT, "%04d.json", number));
    }

    /** The numbers there are, in order. */
    List<Integer> numbers() throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
        List<Integer> numbers = new ArrayList<>();
        try {
            for (FileStatus file : fileSystem.listStatus(folder)) {
                var name = NAME.matcher(file.getPath().getName());
                // a copy such as 00003.json is no record
                if (name.matches() && file(Integer.parseInt(name.group(1))).getName().equals(name.group())) {
                    numbers.add(Integer.valueOf(name.group(1)));
                }
            }
        } catch (FileNotFoundException e) {
            numbers.clear(); // none was written yet
        }
        Collections.sort(numbers);
        return ObjectStore.is(fileSystem) ? Numbers.there(numbers, number -> fileSystem.exists(file(number))) : numbers;
    }
}
