package io.ugatit.cluster.rounds;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.cluster.feeding.BatchLoader;
import io.ugatit.cluster.feeding.ReadAhead;
import io.ugatit.cluster.feeding.WorkOrder;
import io.ugatit.cluster.transport.Part;
import io.ugatit.cluster.transport.TrainingState;
import io.ugatit.device.Device;
import io.ugatit.device.ProcessMemory;
import io.ugatit.device.Threads;
import io.ugatit.job.Program;
import io.ugatit.job.SparkExecutor;
import io.ugatit.job.TaskGpus;
import io.ugatit.model.DivergedException;
import io.ugatit.model.Network;
import io.ugatit.train.AlternatingStep;
import io.ugatit.train.LossLimits;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.Tuple2;

/**
 * What one worker does in a round: its steps. It gives its state in chunks, whose bytes stay where they are until Spark writes them out, and
 * as the last part its {@link RoundReport.Worker}. If its training has diverged it says so there, and leaves out its state: a task that
 * failed would be tried again, and come to the same.
 */
final class WorkerTask implements PairFlatMapFunction<Iterator<String>, Integer, Part> {
    private static final long serialVersionUID = 1L;
    private final String driver = Program.build();
    private final UgatitTrainingWorker worker;
    private final BatchLoader loader;
    private final int threads;

    /** @param threads that one worker computes with */
    WorkerTask(UgatitTrainingWorker worker, BatchLoader loader, int threads) {
        this.worker = worker;
        this.loader = loader;
        this.threads = threads;
    }

    @Override
    public Iterator<Tuple2<Integer, Part>> call(Iterator<String> orders) {
        return SparkExecutor.endIfUnusable(() -> round(orders));
    }

    private Iterator<Tuple2<Integer, Part>> round(Iterator<String> orders) {
        Program.requireSame(driver);
        Threads.use(threads);
        ComputationGraph graph = worker.getInitialModelGraph();
        BatchLoader images = worker.slot().loader(loader);
        List<ObjectNode> losses = new ArrayList<>();
        List<Glimpse> glimpses = new ArrayList<>();
        List<String> mine = new ArrayList<>();
        orders.forEachRemaining(mine::add);
        int me = WorkOrder.parse(mine.get(0)).worker();
        worker.step().drawAs(me);
        long began = System.nanoTime();
        try (ReadAhead batches = new ReadAhead(mine.iterator(), images)) {
            while (batches.hasNext()) {
                TaskContext.get().killTaskIfInterrupted(); // nobody wants the rest of a round that is cancelled
                MultiDataSet batch = batches.next();
                worker.processMinibatch(batch, graph, false);
                losses.add(row(worker.step(), me));
                if (mine.size() - losses.size() < Glimpse.steps((int) batch.getFeatures(0).size(0))) {
                    glimpses.addAll(glimpses(worker.step(), batch));
                }
                ReadAhead.free(batch);
                // at once: what comes after is not worth the time
                LossLimits.require(worker.step().step(), worker.step().losses(), worker.step().schedule().weights());
            }
        } catch (DivergedException e) {
            return parts(worker.state().chunks(), chunk -> Part.useless(), RoundReport.diverged(e.getMessage()));
        }
        worker.slot().graph().store();
        RoundReport.Worker report = new RoundReport.Worker(SparkEnv.get().blockManager().blockManagerId().host(),
                worker.slot().graph().compute().kernels().name(), worker.slot().kernels().device(), TaskGpus.addresses(),
                (System.nanoTime() - began) / 1e9, ProcessMemory.peakBytes().orElse(0), losses, glimpses);
        TrainingState state = worker.state();
        return parts(state.chunks(), state::chunk, report.bytes());
    }

    private static Iterator<Tuple2<Integer, Part>> parts(int chunks, IntFunction<Part> state, byte[] report) {
        return Stream.concat(IntStream.range(0, chunks).mapToObj(chunk -> new Tuple2<>(chunk, state.apply(chunk))),
                Stream.of(new Tuple2<>(chunks, (Part) new Part.OfBytes(report)))).iterator();
    }

    private static List<Glimpse> glimpses(AlternatingStep step, MultiDataSet batch) {
        List<Glimpse> glimpses = new ArrayList<>();
        for (Network generator : List.of(Network.GEN_A2B, Network.GEN_B2A)) {
            int source = generator == Network.GEN_A2B ? 0 : 1;
            try (INDArray translations = step.translations(generator)) {
                glimpses.addAll(Glimpse.of(generator, step.step(), batch.getFeatures(source), translations, batch.getFeatures(1 - source)));
            }
        }
        return glimpses;
    }

    private static ObjectNode row(AlternatingStep step, int worker) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("step", step.step());
        row.put("worker", worker);
        row.put("lr", step.learningRate());
        step.losses().named().forEach(row::put);
        return row;
    }
}
