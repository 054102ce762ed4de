package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** A process that does one task of the check and tells its parent line by line. */
public final class Worker {
    private static final Map<String, Task> TASKS = Map.of("devices", new DevicesTask(), "contract", new ContractTask(), "shapes",
            new ShapesTask(), "steps", new StepsTask(), "train", new TrainingTask(), "times", new TimesTask());

    private Worker() { }

    /**
     * Does a task; the status is 1 if it ends with an exception, which the parent is told.
     *
     * @param args the task's name, the GPU's number, the extent, seconds, and a folder or an empty word
     */
    public static void main(String[] args) {
        PrintStream out = System.out;
        long end = System.nanoTime() + (long) (Double.parseDouble(args[3]) * 1e9);
        Assignment assignment = new Assignment(Integer.parseInt(args[1]), Extent.valueOf(args[2]), end, args[4], out);
        int status = 0;
        try {
            TASKS.get(args[0]).run(assignment);
        } catch (IOException | RuntimeException | Error e) { // the parent is owed a reason even for an OutOfMemoryError
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            assignment.tell(JsonNodeFactory.instance.objectNode().put("problem", message.strip().replaceAll("\\s*\\R\\s*", " ")));
            status = 1;
        }
        Runtime.getRuntime().halt(status); // natives' threads may wait for a GPU that is lost
    }
}
