package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ugatit.checkpoint.Checkpoint;
import io.ugatit.checkpoint.CheckpointStore;
import io.ugatit.checkpoint.RunDirectory;
import io.ugatit.dataset.Sha256;
import io.ugatit.device.Threads;
import io.ugatit.job.JobFailedException;
import io.ugatit.model.NetworkOptions;
import io.ugatit.model.UgatitGraph;
import io.ugatit.tensor.FloatMemory;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.LearningRate;
import io.ugatit.train.LossWeights;
import io.ugatit.train.TrainingSchedule;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Trains small networks from a folder's newest checkpoint, or from the beginning, and tells each step and a hash of the end. */
final class TrainingTask implements Task {
    private static final long SEED = 1;
    private static final int CHUNK = 1 << 18;

    @Override
    public void run(Assignment assignment) {
        Extent extent = assignment.extent();
        Path folder = new Path(java.nio.file.Path.of(assignment.folder()).toUri());
        CheckpointStore store = new CheckpointStore(new RunDirectory(new Configuration(false), folder));
        UgatitGraph graph = UgatitGraph.create(extent.trained(), SEED);
        graph.prepareTraining();
        Optional<Checkpoint> checkpoint = store.latestWhole(damaged -> {
            throw new JobFailedException(damaged); // the process was killed, not the machine
        });
        checkpoint.ifPresent(whole -> whole.readInto(graph.namedParameters(), graph.namedMoments()));
        long begin = checkpoint.map(Checkpoint::step).orElse(0L);
        assignment.tell(JsonNodeFactory.instance.objectNode().put("from", begin));
        Threads.use(2);
        graph.setCompute(CudaKernels.compute(assignment.gpu(), Precision.FP32));
        graph.load();
        int steps = extent.trainedSteps();
        AlternatingStep step = new AlternatingStep(graph,
                new TrainingSchedule(LossWeights.AUTHORS, new LearningRate(1e-4, steps), 1e-4), begin);
        for (long s = begin + 1; s <= steps; s++) {
            if (!assignment.hasTime()) {
                throw new JobFailedException("the time was up after " + (s - 1) + " of " + steps + " steps: give more --minutes");
            }
            step.fit(images(extent.trained(), 2 * s), images(extent.trained(), 2 * s + 1));
            if (s % extent.checkpointEvery() == 0 && s < steps) {
                graph.store();
                store.publish(s, graph.namedParameters(), graph.namedMoments(), JsonNodeFactory.instance.objectNode().put("step", s));
            }
            assignment.tell(JsonNodeFactory.instance.objectNode().put("step", s));
        }
        graph.store();
        assignment.tell(JsonNodeFactory.instance.objectNode().put("sha256", hash(graph.params(), graph.getUpdater().getStateViewArray()))
                .put("g_total", step.losses().gTotal()));
    }

    private static INDArray images(NetworkOptions options, long seed) {
        Random random = new Random(seed);
        float[] values = new float[3 * options.size() * options.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return Nd4j.createFromArray(values).reshape('c', 1, 3, options.size(), options.size());
    }

    private static String hash(INDArray... vectors) {
        MessageDigest sha256 = Sha256.digest();
        for (INDArray vector : vectors) {
            FloatMemory memory = new FloatMemory("state", vector);
            for (long from = 0; from < memory.length(); from += CHUNK) {
                sha256.update(memory.slice(from, (int) Math.min(CHUNK, memory.length() - from)));
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}
