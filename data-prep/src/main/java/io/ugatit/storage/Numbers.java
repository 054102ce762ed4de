package io.ugatit.storage;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Things that are numbered one after the other, as a store lists them: what is new may be listed late, and what is gone for a while still. */
public final class Numbers {
    private Numbers() {
    }

    /** Looks whether there is a thing of a number. */
    @FunctionalInterface
    public interface Look {
        /** @throws IOException if the file system fails */
        boolean isThere(int number) throws IOException;
    }

    /**
     * Which numbers there really are.
     *
     * @param listed what a listing told
     * @param look asks for one thing, which is never late
     * @return in ascending order: those listed that are there, and those that follow the highest without a gap
     * @throws IOException if the file system fails
     */
    public static List<Integer> there(Collection<Integer> listed, Look look) throws IOException {
        TreeSet<Integer> there = new TreeSet<>();
        for (int number : listed) {
            if (look.isThere(number)) {
                there.add(number);
            }
        }
        for (int next = there.isEmpty() ? 1 : there.last() + 1; look.isThere(next); next++) {
            there.add(next);
        }
        return List.copyOf(there);
    }
}
