package io.ugatit.translate;

import io.ugatit.input.InputFile;
import io.ugatit.job.Packed;
import io.ugatit.translate.output.PlannedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which task makes which translations. */
final class TranslateShares {
    private static final int TASKS_PER_SLOT = 4;
    /** Translations by themselves a task: so long that a longer one would gain nothing, and short enough to be repeated. */
    private static final int MOST_FILES = 256;
    /** By a dry run; the first is not counted. */
    private static final int TRIED_CALLS = 3;

    private TranslateShares() { }

    /**
     * Shares work whose results are files by themselves: into small shares, so that slots end at the same time.
     *
     * @param todo ordered by name
     * @param slots tasks that run at the same time
     */
    static List<Packed<List<PlannedImage>>> ofFiles(List<PlannedImage> todo, int slots) {
        return inTasks(todo, Math.max(TASKS_PER_SLOT * slots, (todo.size() - 1) / MOST_FILES + 1));
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

    /** Each task goes through an archive once, from front to back. */
    private static List<Packed<List<PlannedImage>>> inTasks(List<PlannedImage> todo, long wanted) {
        if (todo.isEmpty()) {
            return List.of();
        }
        List<PlannedImage> inOrder = new ArrayList<>(todo);
        inOrder.sort(Comparator.comparing(PlannedImage::image, InputFile.IN_READING_ORDER));
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
