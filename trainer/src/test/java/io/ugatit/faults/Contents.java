package io.ugatit.faults;

import io.ugatit.dataset.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a job has made: hashes of files, or of what is in them, by names. */
final class Contents {
    private final Map<String, String> hashes = new TreeMap<>();

    /** Of all files of a place. */
    static Contents of(Job job, Place place) throws IOException {
        Contents contents = new Contents();
        try (Stream<Path> files = Files.walk(place.disk())) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = place.disk().relativize(file).toString();
                if (!job.leftOut().matcher(name).matches()) {
                    job.add(name, Files.readAllBytes(file), contents);
                }
            }
        }
        return contents;
    }

    /** A name that is there twice is an entry more. */
    void add(String name, byte[] content) {
        String free = name;
        while (hashes.containsKey(free)) {
            free += " once more";
        }
        hashes.put(free, Sha256.hex(content));
    }

    /** What differs from what there should be; empty if nothing does. */
    List<String> differences(Contents whole) {
        List<String> differences = new ArrayList<>();
        whole.hashes.forEach((name, hash) -> {
            if (!hash.equals(hashes.get(name))) {
                differences.add(name + (hashes.containsKey(name) ? " differs" : " is missing"));
            }
        });
        hashes.keySet().stream().filter(name -> !whole.hashes.containsKey(name)).forEach(name -> differences.add(name + " is left over"));
        return differences;
    }
}
