package io.ugatit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStampTest {
    private static final String USER = System.getProperty("user.name");

    /** A made-up /proc. */
    @TempDir
    private Path proc;
    private ProcessStamp self;

    @BeforeEach
    void machine() throws IOException {
        write("sys/kernel/random/boot_id", "boot-1\n");
        Files.createDirectories(proc.resolve("self/ns"));
        Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
        process(10, "java", 'S', 500);
        self = ProcessStamp.of(10, proc);
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(proc.resolve(file).getParent());
        Files.writeString(proc.resolve(file), content);
    }

    private void process(long pid, String name, char state, long start) throws IOException {
        write(pid + "/stat", pid + " (" + name + ") " + state + " 1 1 1 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 " + start
                + " 3133440 407\n");
    }

    private Liveness tell(long pid, long started) {
        return self.tell(new ProcessStamp(pid, started, "boot-1", "pid:[4026531836]", USER), proc);
    }

    @Test
    void aProcessIsKnownByNumberStartBootAndNamespace() {
        assertThat(self).isEqualTo(new ProcessStamp(10, 500, "boot-1", "pid:[4026531836]", USER));
    }

    @Test
    void aProcessOfTheSameNumberAndStartLives() throws IOException {
        process(20, "a (b) c) S 1 2", 'R', 700);
        assertThat(tell(20, 700)).isEqualTo(Liveness.LIVES);
    }

    @Test
    void aProcessThatIsGoneOrAZombieOrAnotherOfItsNumberIsDead() throws IOException {
        assertThat(tell(20, 700)).isEqualTo(Liveness.DEAD);
        process(20, "java", 'Z', 700);
        assertThat(tell(20, 700)).isEqualTo(Liveness.DEAD);
        process(20, "java", 'S', 701);
        assertThat(tell(20, 700)).isEqualTo(Liveness.DEAD);
    }

    @Test
    void anotherUsersProcessMayBeHidden() {
        assertThat(self.tell(new ProcessStamp(20, 700, "boot-1", "pid:[4026531836]", "not " + USER), proc)).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void nothingIsToldOfAnotherMachineOrContainer() {
        assertThat(self.tell(new ProcessStamp(10, 500, "boot-2", "pid:[4026531836]", USER), proc)).isEqualTo(Liveness.UNKNOWN);
        assertThat(self.tell(new ProcessStamp(10, 500, "boot-1", "pid:[7]", USER), proc)).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void whereNothingIsToldOfProcessesNoneIsDead(@TempDir Path empty) {
        ProcessStamp stranger = ProcessStamp.of(10, empty);
        assertThat(stranger).isEqualTo(new ProcessStamp(10, -1, "", "", USER));
        assertThat(stranger.tell(stranger, empty)).isEqualTo(Liveness.UNKNOWN);
        assertThat(self.tell(stranger, proc)).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void damagedFiguresTellNothing() throws IOException {
        write("20/stat", "20 (java) S 1 1");
        assertThat(tell(20, 700)).isEqualTo(Liveness.UNKNOWN);
    }

    @Test
    void theRealMachineKnowsItsProcesses() {
        ThisMachine machine = new ThisMachine();
        assertThat(machine.self().pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(machine.of(machine.self())).isEqualTo(Liveness.UNKNOWN);
        if (Files.isReadable(Path.of("/proc/sys/kernel/random/boot_id"))) {
            ProcessStamp parent = ProcessStamp.of(ProcessHandle.current().parent().orElseThrow().pid(), Path.of("/proc"));
            assertThat(machine.of(parent)).isEqualTo(Liveness.LIVES);
        }
    }
}
