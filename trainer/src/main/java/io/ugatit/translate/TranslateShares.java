package io.ugatit.translate;

import io.ugatit.input.InputFile;
import io.ugatit.input.Member;
import io.ugatit.input.Packing;
import io.ugatit.job.Packed;
import io.ugatit.translate.output.PlannedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which task makes which translations. */
final class TranslateShares {
    /** A task takes one of so many parts of what a slot would have to do yet. */
    private static final int PARTS_OF_A_SLOT = 4;
    /** Translations by themselves a task: so long that a longer one would gain nothing, and short enough to be repeated. */
    private static final int MOST_FILES = 256;
    /** Of the last tasks: what one costs beside its images would count with fewer. */
    private static final int FEWEST_FILES = 4;
    /** By a dry run; the first is not counted. */
    private static final int TRIED_CALLS = 3;

    private TranslateShares() { }

    /**
     * Shares work whose results are files by themselves: into shares that become smaller and smaller, as guided self-scheduling does
     * (Polychronopoulos and Kuck, 1987), so that slots end at the same time however unlike their speeds are. Of archives that each task
     * must read from the front, into fewer and equal ones.
     *
     * @param todo ordered by name
     * @param slots tasks that run at the same time; they take the shares in their order
     */
    static List<Packed<List<PlannedImage>>> ofFiles(List<PlannedImage> todo, int slots) {
        int parts = PARTS_OF_A_SLOT * slots;
        if (todo.stream().anyMatch(TranslateShares::isReadFromTheFront)) {
            return inTasks(todo, Math.max(parts, (todo.size() - 1) / MOST_FILES + 1));
        }
        int fewest = Math.max(1, Math.min(FEWEST_FILES, todo.size() / parts));
        List<PlannedImage> inOrder = inReadingOrder(todo);
        List<Packed<List<PlannedImage>>> shares = new ArrayList<>();
        for (int from = 0; from < todo.size(); ) {
            int share = Math.max(fewest, Math.min((todo.size() - from - 1) / parts + 1, MOST_FILES));
            int to = Math.min(todo.size(), from + share);
            shares.add(Packed.of(new ArrayList<>(inOrder.subList(from, to))));
            from = to;
        }
        return shares;
    }

    /**
     * Shares work whose results are files of many: as large as they may be, but every slot has as many of them as the others.
     *
     * @param todo ordered by name
     * @param slots tasks that run at the same time
     * @param most translations a file, at least 1
     */
    static List<Packed<List<PlannedImage>>> ofParts(List<PlannedImage> todo, int slots, int most) {
        long rounds = (todo.size() - 1) / ((long) most * slots) + 1;
        return inTasks(todo, rounds * slots);
    }

    private static boolean isReadFromTheFront(PlannedImage planned) {
        Member member = planned.image().member();
        return member != null && member.packing() == Packing.TAR_GZ;
    }

    /** So that a task goes through an archive once, from front to back. */
    private static List<PlannedImage> inReadingOrder(List<PlannedImage> todo) {
        List<PlannedImage> inOrder = new ArrayList<>(todo);
        inOrder.sort(Comparator.comparing(PlannedImage::image, InputFile.IN_READING_ORDER));
        return inOrder;
    }

    private static List<Packed<List<PlannedImage>>> inTasks(List<PlannedImage> todo, long wanted) {
        if (todo.isEmpty()) {
            return List.of();
        }
        List<PlannedImage> inOrder = inReadingOrder(todo);
        int tasks = (int) Math.min(wanted, todo.size());
        List<Packed<List<PlannedImage>>> shares = new ArrayList<>(tasks);
        for (int task = 0; task < tasks; task++) {
            int from = (int) ((long) todo.size() * task / tasks);
            int to = (int) ((long) todo.size() * (task + 1) / tasks);
            shares.add(Packed.of(new ArrayList<>(inOrder.subList(from, to))));
        }
        return shares;
    }

    /**
     * A few images from all over the input.
     *
     * @param todo ordered by name
     * @param slots tasks that run at the same time
     * @param batch images a call of the network
     */
    static List<Packed<List<PlannedImage>>> few(List<PlannedImage> todo, int slots, int batch) {
        int tasks = Math.min(slots, todo.size());
        int images = Math.min(TRIED_CALLS * batch * tasks, todo.size());
        List<Packed<List<PlannedImage>>> shares = new ArrayList<>(tasks);
        for (int task = 0; task < tasks; task++) {
            List<PlannedImage> share = new ArrayList<>();
            for (int image = task; image < images; image += tasks) {
                share.add(todo.get((int) ((long) todo.size() * image / images)));
            }
            shares.add(Packed.of(share));
        }
        return shares;
    }
}
