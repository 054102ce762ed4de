package io.ugatit.lock;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What tells a process from all others. The boot and the namespace of process numbers tell machines and containers apart, whatever they are
 * called; the start, in the kernel's ticks since the boot, tells a process from a later one of the same number, whatever the clock says.
 *
 * @param pid the process's number in its namespace
 * @param started when, in ticks since the boot; -1 if that cannot be told
 * @param boot the kernel's identifier of the boot; empty if that cannot be told
 * @param namespace the namespace of process numbers; empty if that cannot be told
 * @param user whom it belongs to, as the operating system calls them
 */
record ProcessStamp(long pid, long started, String boot, String namespace, String user) {
    private static final int MAX_BYTES = 4096;
    /** Of the fields after the process's name, as proc(5) numbers them, the third is the first. */
    private static final int STATE = 0;
    private static final int START = 22 - 3;

    /** @throws IllegalArgumentException if something is missing */
    ProcessStamp {
        if (boot == null || namespace == null || user == null) {
            throw new IllegalArgumentException("a process has a boot, a namespace and a user");
        }
    }

    /**
     * The stamp of a process that runs.
     *
     * @param proc where Linux tells of processes, {@code /proc}; on other systems little is known
     */
    static ProcessStamp of(long pid, Path proc) {
        String user = System.getProperty("user.name", "");
        try {
            String boot = read(proc.resolve("sys/kernel/random/boot_id")).strip();
            String namespace = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
            Optional<String[]> fields = fields(proc, pid);
            if (fields.isPresent()) {
                return new ProcessStamp(pid, Long.parseLong(fields.get()[START]), boot, namespace, user);
            }
        } catch (IOException e) {
            return new ProcessStamp(pid, -1, "", "", user); // no Linux, or one that hides this: others must watch the lock being renewed
        }
        return new ProcessStamp(pid, -1, "", "", user);
    }

    /** What can be told of another process by this one. */
    Liveness tell(ProcessStamp other, Path proc) {
        if (boot.isEmpty() || started < 0 || !boot.equals(other.boot) || !namespace.equals(other.namespace)) {
            return Liveness.UNKNOWN;
        }
        try {
            Optional<String[]> fields = fields(proc, other.pid);
            if (fields.isEmpty()) {
                // a system may hide the processes of other users
                return user.equals(other.user) ? Liveness.DEAD : Liveness.UNKNOWN;
            }
            boolean ended = fields.get()[STATE].equals("Z") || fields.get()[STATE].equals("X");
            return ended || Long.parseLong(fields.get()[START]) != other.started ? Liveness.DEAD : Liveness.LIVES;
        } catch (IOException e) {
            return Liveness.UNKNOWN; // it ends as it is looked at, or is another user's
        }
    }

    /** The fields of a process after its name; empty if there is none of this number. */
    private static Optional<String[]> fields(Path proc, long pid) throws IOException {
        String stat;
        try {
            stat = read(proc.resolve(pid + "/stat"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "); // the name may hold anything
        if (fields.length <= START || !fields[START].matches("\\d{1,18}")) {
            throw new IOException(proc.resolve(pid + "/stat") + ": is not what Linux tells of a process");
        }
        return Optional.of(fields);
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
        }
    }
}
