package io.ugatit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyDiskTest {
    private static final byte[] CONTENT = {1, 2, 3, 4, 5, 6, 7, 8};

    @TempDir
    java.nio.file.Path folder;

    private FileSystem disk;

    @BeforeEach
    void open() throws IOException {
        Configuration configuration = new Configuration(false);
        FaultyDisk.register(configuration);
        disk = path("").getFileSystem(configuration);
        Faults.after(Integer.MAX_VALUE - 1, Faults.Kind.ERROR, true);
    }

    @AfterEach
    void repair() {
        Faults.end();
    }

    private Path path(String name) {
        return new Path("faulty:" + folder.resolve(name));
    }

    private void write(String name, boolean synced) throws IOException {
        try (FSDataOutputStream out = disk.create(path(name))) {
            out.write(CONTENT);
            if (synced) {
                assertThat(out.hasCapability(StreamCapabilities.HSYNC)).isTrue();
                out.hsync();
            }
        }
    }

    private byte[] read(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    @Test
    void aCrashDamagesWhatWasNotForcedToDiskInEveryWay() throws IOException {
        List<String> seen = new ArrayList<>();
        for (int seed = 0; seed < 40; seed++) {
            write("synced", true);
            write("old/closed", false);
            disk.rename(path("old"), path("new"));
            FaultyDisk.crash(seed);
            assertThat(read("synced")).containsExactly(CONTENT);
            seen.add(what("new/closed"));
            disk.delete(path("new"), true);
        }
        assertThat(seen).contains("removed", "zeroed", "cut", "flipped", "whole").hasSize(40);
    }

    private String what(String name) throws IOException {
        if (!Files.exists(folder.resolve(name))) {
            return "removed";
        }
        byte[] bytes = read(name);
        int bits = 0;
        boolean zero = true;
        for (int i = 0; i < bytes.length; i++) {
            bits += Integer.bitCount(bytes[i] ^ CONTENT[i]);
            zero &= bytes[i] == 0;
        }
        return bytes.length < CONTENT.length ? "cut" : bits == 0 ? "whole" : zero ? "zeroed" : bits == 1 ? "flipped" : "otherwise";
    }

    @Test
    void whatIsWrittenAfterItWasForcedToDiskMayBeLost() throws IOException {
        try (FSDataOutputStream out = disk.create(path("a"))) {
            out.write(CONTENT);
            out.hsync();
            out.write(CONTENT);
        }
        FaultyDisk.crash(1);
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void aTornWriteStrikesTheNextOneAndNothingIsDoneAfterIt() throws IOException {
        write("before", true);
        Faults.after(0, Faults.Kind.TORN, true);
        assertThat(disk.exists(path("before"))).as("reading tears nothing").isTrue();
        FSDataOutputStream out = disk.create(path("a"));
        assertThatThrownBy(() -> out.write(CONTENT)).isInstanceOf(IOException.class).hasMessage("killed");
        assertThatThrownBy(() -> disk.delete(path("before"), false)).hasMessage("killed");
        Faults.end();
        out.close();
        assertThat(read("a").length).isLessThan(CONTENT.length);
        assertThat(read("before")).containsExactly(CONTENT);
    }

    @Test
    void theDeletionOfAFolderMayBeTorn() throws IOException {
        for (int i = 0; i < 8; i++) {
            write("a/" + i, true);
        }
        Faults.after(0, Faults.Kind.TORN, true);
        assertThatThrownBy(() -> disk.delete(path("a"), true)).hasMessage("killed");
        assertThat(folder.resolve("a")).isDirectory();
    }
}
