package io.ugatit.cluster;

import io.ugatit.cluster.feeding.Feed;
import io.ugatit.cluster.feeding.ImageOrder;
import io.ugatit.cluster.rounds.MomentsPolicy;
import io.ugatit.cluster.rounds.OuterUpdate;
import io.ugatit.cluster.rounds.RoundOptions;
import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Range;
import io.ugatit.mlflow.MlflowOptions;
import io.ugatit.model.NetworkChoice;
import io.ugatit.model.NetworkOptions;
import io.ugatit.tensor.choice.KernelOptions;
import io.ugatit.train.LearningRate;
import io.ugatit.train.LossWeights;
import io.ugatit.train.TrainingSchedule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of {@link TrainJob}.
 *
 * @param data a data set that {@code prep} made
 * @param run folder of the run
 * @param network sizes of the networks; what is left out is the run's if it has a checkpoint, or the default
 * @param steps of every worker, at least 1
 * @param hours of training after which a round is the last, over all starts of the run; 0 for no limit
 * @param workers that train side by side, 1 to 4096
 * @param averagingFrequency steps between two averagings, at least 1
 * @param moments what becomes of Adam's moments at the end of a round
 * @param outer how the parameters move at the end of a round
 * @param ema decay of the generators' moving average, 0 for none or less than 1
 * @param batch images of each domain in a step of a worker, 1 to 1024
 * @param lr learning rate of the first half of the steps, positive
 * @param weightDecay Adam's L2 weight decay, not negative
 * @param weights of the losses
 * @param seed of initial parameters, order and augmentation
 * @param augment whether to flip and crop at random
 * @param order which image comes when
 * @param resume what to do if the run exists
 * @param checkpointEvery rounds between two checkpoints, at least 1
 * @param keep checkpoints that stay, at least 1
 * @param evaluation when the training is evaluated, and when that ends it; null for never
 * @param samples images of each domain that are drawn at every checkpoint, 0 to 64
 * @param mlflow which MLflow server is told of it; null for none
 * @param chunkBytes of the pieces in which state travels, a multiple of 4 from 4096 to 1 GiB; no bit of the result depends on it
 * @param kernels to compute with; null becomes the fastest
 * @param otherKernels whether a run may go on with other kernels than it was made with where GPUs are involved
 */
public record TrainOptions(
        @Option(names = "--data", required = true, paramLabel = "DATASET", description = "data set that prep made") String data,
        @Option(names = "--run", required = true, paramLabel = "RUN", description = "folder of the run; goes on if it exists") String run,
        @Mixin NetworkChoice network,
        @Option(names = "--steps", paramLabel = "N", defaultValue = "1000000",
                description = "steps of every worker, 1 to 99999999 (default: ${DEFAULT-VALUE})") long steps,
        @Option(names = "--hours", paramLabel = "H", defaultValue = "0",
                description = "hours of training, those of earlier starts of the run included, such as 7.5: the round in which they have passed"
                        + " is the last, unless all steps are done before. The learning rate follows --steps. 0 (no limit) to 100000"
                        + " (default: ${DEFAULT-VALUE})") double hours,
        @Option(names = "--workers", paramLabel = "N", defaultValue = "1",
                description = "workers that train side by side, a Spark slot each, 1 to 4096 (default: ${DEFAULT-VALUE})") int workers,
        @Option(names = "--averaging-frequency", paramLabel = "N", defaultValue = "10",
                description = "steps of every worker between two averagings, which are a round, 1 to 1000000"
                        + " (default: ${DEFAULT-VALUE})") int averagingFrequency,
        @Option(names = "--moments", paramLabel = "average|second|compact|reset",
                description = "Adam's moments after a round: all averaged; the second ones averaged and the first ones zero; the same with"
                        + " second ones of 16 bits, which halves what travels; or all zero"
                        + " (default: compact; average for one worker and for rounds of less than 10 steps)") MomentsPolicy moments,
        @Mixin OuterUpdate outer,
        @Option(names = "--ema", paramLabel = "D", defaultValue = "0",
                description = "decay a step of an exponential moving average of the generators' parameters, such as 0.999, which then"
                        + " translates and is judged; 0 (none) to less than 1 (default: ${DEFAULT-VALUE})") double ema,
        @Option(names = "--batch", paramLabel = "N", defaultValue = "1",
                description = "images of each domain in a worker's step, 1 to 1024 (default: ${DEFAULT-VALUE})") int batch,
        @Option(names = "--lr", paramLabel = "RATE", defaultValue = "1e-4",
                description = "learning rate of the first half of the steps, then linear to zero; above 0, at most 1"
                        + " (default: ${DEFAULT-VALUE})") double lr,
        @Option(names = "--weight-decay", paramLabel = "D", defaultValue = "1e-4",
                description = "L2 weight decay of Adam, 0 to 1 (default: ${DEFAULT-VALUE})") double weightDecay,
        @Mixin LossWeights weights,
        @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
                description = "seed of initial parameters, order and augmentation (default: ${DEFAULT-VALUE})") long seed,
        @Option(names = "--augment", negatable = true, defaultValue = "true",
                description = "flip and crop at random (the default), or take the centre") boolean augment,
        @Option(names = "--order", paramLabel = "shuffled|sequential", defaultValue = "shuffled",
                description = "which image comes when: in a new random order every epoch, or that of the data set, by source"
                        + " file name, what a later version added after the others"
                        + " (default: ${DEFAULT-VALUE})") ImageOrder order,
        @Option(names = "--resume", paramLabel = "auto|never|required", defaultValue = "auto",
                description = "what to do if the run exists: go on from its newest checkpoint, refuse, or refuse if it has none"
                        + " (default: ${DEFAULT-VALUE})") ResumePolicy resume,
        @Option(names = "--checkpoint-every", paramLabel = "ROUNDS", defaultValue = "100",
                description = "rounds between two checkpoints, 1 to 1000000 (default: ${DEFAULT-VALUE})") int checkpointEvery,
        @Option(names = "--keep", paramLabel = "N", defaultValue = "3",
                description = "checkpoints that stay, the newest, 1 to 1000000; the best, if there is one, stays beside them"
                        + " (default: ${DEFAULT-VALUE})") int keep,
        @Mixin EvaluationSchedule evaluation,
        @Option(names = "--samples", paramLabel = "N", defaultValue = "8",
                description = "images of each domain that are translated and drawn at every checkpoint, 0 to 64, as far as they have room on"
                        + " a sheet of 40 million pixels (default: ${DEFAULT-VALUE})") int samples,
        @Mixin MlflowOptions mlflow,
        @Option(names = "--chunk-bytes", paramLabel = "N", defaultValue = "33554432",
                description = "bytes of the pieces in which parameters travel, a multiple of 4 from 4096 to 1073741824"
                        + " (default: ${DEFAULT-VALUE})") int chunkBytes,
        @Mixin KernelOptions kernels,
        @Option(names = "--other-kernels",
                description = "go on with a run although its workers now compute on other GPUs, or in another precision, than it was made with")
                boolean otherKernels) {
    /** Of a Java array. */
    private static final long MOST_FLOATS = Integer.MAX_VALUE - 8;
    private static final double MOST_HOURS = 100_000;

    /** @throws InvalidRequestException if a value is out of its range */
    public TrainOptions {
        Range.require("--steps", steps, 1, 99_999_999);
        if (!(hours >= 0 && hours <= MOST_HOURS)) {
            throw new InvalidRequestException("--hours is " + hours + ": must be from 0, for no limit, to 100000");
        }
        Range.require("--workers", workers, 1, 4096);
        Range.require("--averaging-frequency", averagingFrequency, 1, 1_000_000);
        if (!(ema >= 0 && ema < 1)) {
            throw new InvalidRequestException("--ema is " + ema + ": must be from 0, for none, to less than 1, such as 0.999");
        }
        Range.require("--batch", batch, 1, 1024);
        if (!(lr > 0 && lr <= 1)) {
            throw new InvalidRequestException("--lr is " + lr + ": must be greater than 0 and at most 1");
        }
        if (!(weightDecay >= 0 && weightDecay <= 1)) {
            throw new InvalidRequestException("--weight-decay is " + weightDecay + ": must be from 0 to 1");
        }
        Range.require("--checkpoint-every", checkpointEvery, 1, 1_000_000);
        Range.require("--keep", keep, 1, 1_000_000);
        Range.require("--samples", samples, 0, 64);
        Range.require("--chunk-bytes", chunkBytes, 4096, 1 << 30);
        if (chunkBytes % Float.BYTES != 0) {
            throw new InvalidRequestException("--chunk-bytes is " + chunkBytes + ": must be a multiple of " + Float.BYTES);
        }
        moments = moments == null ? MomentsPolicy.usual(workers, averagingFrequency) : moments;
        evaluation = evaluation == null ? new EvaluationSchedule(0, 0, null) : evaluation;
        mlflow = mlflow == null ? MlflowOptions.NONE : mlflow;
        kernels = kernels == null ? KernelOptions.DEFAULT : kernels;
    }

    /**
     * Makes sure that batches for networks of these sizes can be read, and computed on CPUs if these are asked for.
     *
     * @throws InvalidRequestException if not; one line that says what would be right
     */
    public void requireFor(NetworkOptions network) {
        int most = (int) Math.min(MOST_FLOATS / (3L * network.size() * network.size()), Integer.MAX_VALUE);
        if (batch > most) {
            throw new InvalidRequestException("--batch is " + batch + ": must be at most " + most + " at --size " + network.size()
                    + ", since a domain's images of a step are read into one array");
        }
        kernels.requireReach(network.largestMapBytes(batch));
    }

    /** How images of this size are fed to the workers. */
    Feed feed(int size) {
        return new Feed(order, augment, seed, workers, batch, size);
    }

    /** What every round is made with, by workers of so many threads. */
    RoundOptions rounds(int threads) {
        TrainingSchedule schedule = new TrainingSchedule(weights, new LearningRate(lr, steps), weightDecay,
                moments.keepsFirst() ? 0 : averagingFrequency, moments.keepsSecond(), seed);
        return new RoundOptions(workers, averagingFrequency, batch, threads, schedule, moments, chunkBytes, kernels);
    }
}
