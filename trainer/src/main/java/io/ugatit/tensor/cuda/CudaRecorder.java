package io.ugatit.tensor.cuda;

import io.ugatit.job.JobFailedException;
import io.ugatit.job.UnusableProcessException;
import io.ugatit.tensor.Recorder;
import io.ugatit.tensor.cuda.driver.CudaGraph;
import io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException;

/**
 * Work as a CUDA graph: done once as it is asked for, so that all memory is allocated, then captured, then replayed. Other lanes take part
 * by following this one within the work, which in the end must follow them.
 */
final class CudaRecorder implements Recorder {
    private static final String PROPERTY = "ugatit.cuda.graph";
    private static final boolean ALLOWED = !System.getProperty(PROPERTY, "on").equals("off");

    private final Lane lane;
    private boolean done;
    private boolean recording;
    private CudaGraph graph;

    CudaRecorder(Lane lane) {
        this.lane = lane;
    }

    @Override
    public void run(Runnable work) {
        if (graph == null && done && ALLOWED) {
            graph = record(work);
        }
        if (graph == null) {
            work.run();
        } else {
            lane.stream().launch(graph);
        }
        done = true;
    }

    private CudaGraph record(Runnable work) {
        recording = true;
        lane.startRecording();
        try {
            return lane.keep(lane.stream().capture(work));
        } catch (UnusableProcessException | OutOfDeviceMemoryException e) {
            throw e;
        } catch (JobFailedException e) {
            throw new JobFailedException(e.getMessage() + ", while a graph was recorded: -D" + PROPERTY + "=off does without graphs", e);
        } finally {
            lane.stopRecording();
            recording = false;
        }
    }

    @Override
    public boolean isRecording() {
        return recording;
    }
}
