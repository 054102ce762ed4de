package io.ugatit.retrain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ugatit.checkpoint.Publishing;
import io.ugatit.job.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
 */
record Records<T>(Configuration configuration, Path folder, Class<T> type) {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern NAME = Pattern.compile("(\\d{4,9})\\.json");
    private static final JsonMapper JSON = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** All of them, in the order of their numbers. */
    List<T> all() throws IOException {
        List<T> records = new ArrayList<>();
        for (int number : numbers()) {
            Path file = file(number);
            try {
                T record = JSON.readValue(Publishing.read(configuration, file, MAX_BYTES), type);
                if (record == null) {
                    throw new InvalidRequestException(file + " is damaged: it holds nothing");
                }
                records.add(record);
            } catch (JacksonException e) {
                throw new InvalidRequestException(file + " is damaged: " + e.getOriginalMessage(), e);
            }
        }
        return records;
    }

    /** Publishes one behind the last. */
    void add(T record) throws IOException {
        List<Integer> numbers = numbers();
        Publishing.write(configuration, file(numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1) + 1), JSON.writeValueAsBytes(record));
    }

    /** Deletes all but the newest. */
    void keep(int newest) throws IOException {
        List<Integer> numbers = numbers();
        for (int number : numbers.subList(0, Math.max(0, numbers.size() - newest))) {
            Publishing.remove(configuration, file(number));
        }
    }

    private Path file(int number) {
        return new Path(folder, String.format(Locale.ROOT, "%04d.json", number));
    }

    private List<Integer> numbers() throws IOException {
        FileSystem fileSystem = Publishing.fileSystem(configuration, folder);
        List<Integer> numbers = new ArrayList<>();
        try {
            for (FileStatus file : fileSystem.listStatus(folder)) {
                var name = NAME.matcher(file.getPath().getName());
                if (name.matches()) {
                    numbers.add(Integer.valueOf(name.group(1)));
                }
            }
        } catch (FileNotFoundException e) {
            return List.of(); // none was written yet
        }
        Collections.sort(numbers);
        return numbers;
    }
}
