package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.job.Host;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cuda.driver.CudaDriver;
import io.ugatit.tensor.cuda.driver.CudaStream;
import io.ugatit.tensor.cuda.driver.DeviceLostException;
import io.ugatit.tensor.cuda.driver.NativeMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * cuDNN's convolutions in one stream: its handle, and a plan for each convolution that has come. A plan is made when a convolution comes
 * for the first time, which takes memory and compiles and so must not be while a graph is captured. Not thread-safe.
 */
public final class CudnnStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CudnnStream.class);
    /** What no engine was found for, so that every stream does not say it again. */
    private static final Set<Convolution> SAID = ConcurrentHashMap.newKeySet();
    /** Statuses of what a library lacks, or of one that is not there, until somebody installs another. */
    private static final Set<Integer> NOT_WHOLE = Set.of(1002, 1008);
    /** Also of a driver that is too old. */
    private static final int NOT_INITIALIZED = 1001;
    private static final int NO_DEVICE_MEMORY = 4004;
    private static final int MAJOR_CUDA = 1000;
    private static final int VARIANT_PACK = 16;
    private static final int PACK_IDS = 1000;
    private static final int PACK_POINTERS = 1001;
    private static final int PACK_WORKSPACE = 1003;
    private static final int TYPE_INT64 = 3;
    private static final int TYPE_POINTER = 6;
    /** Where in {@link #pack} the tensors' ids, their addresses, and that of the workspace are; the descriptor is at 0. */
    private static final int IDS = Long.BYTES;
    private static final int POINTERS = 4 * Long.BYTES;
    private static final int WORKSPACE = 7 * Long.BYTES;

    private final CudaStream stream;
    private final long handle;
    private final Map<Convolution, Optional<Plan>> plans = new HashMap<>();
    private final NativeMemory pack = new NativeMemory(8 * Long.BYTES);

    private CudnnStream(CudaStream stream, long handle) {
        this.stream = stream;
        this.handle = handle;
        pack.bytes.putLong(IDS, OperationGraph.X).putLong(IDS + Long.BYTES, OperationGraph.W)
                .putLong(IDS + 2 * Long.BYTES, OperationGraph.Y);
    }

    /**
     * Starts cuDNN for a stream, which must stay open as long as this does.
     *
     * @throws CudnnUnavailableException if it is not installed, or not one for the stream's GPU and its driver; one line that says why
     * @throws io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException if the GPU has not enough memory
     * @throws io.ugatit.tensor.cuda.driver.DeviceLostException if the GPU can be used no more
     * @throws JobFailedException if it does not start for another reason
     */
    public static CudnnStream open(CudaStream stream) {
        Cudnn.problem().ifPresent(problem -> {
            throw new CudnnUnavailableException(problem);
        });
        long queue = stream.nativeHandle();
        NativeMemory cell = new NativeMemory(Long.BYTES);
        int status = Libcudnn.cudnnCreate(cell.address);
        if (fitsNot(status)) {
            throw new CudnnUnavailableException("cuDNN " + Cudnn.version() + " does not start on " + stream.context().device() + " on "
                    + Host.name() + " (" + RefusedException.words(status) + "): it must fit the GPU and its driver");
        }
        if (status != 0) {
            throw failure(stream, "the start of cuDNN " + Cudnn.version(), status, RefusedException.words(status));
        }
        long handle = cell.bytes.getLong(0);
        status = Libcudnn.cudnnSetStream(handle, queue);
        if (status != 0) {
            JobFailedException failure = failure(stream, "a stream of cuDNN " + Cudnn.version(), status, RefusedException.words(status));
            Libcudnn.cudnnDestroy(handle);
            throw failure;
        }
        return new CudnnStream(stream, handle);
    }

    /** Whether another cuDNN, GPU or driver is wanted, which holds for every start; all else may come and go. */
    private static boolean fitsNot(int status) {
        boolean driverIsTooOld = CudaDriver.version() / MAJOR_CUDA < Libcudnn.cudnnGetCudartVersion() / MAJOR_CUDA;
        return NOT_WHOLE.contains(status) || RefusedException.isUnsupported(status) || status == NOT_INITIALIZED && driverIsTooOld;
    }

    /** What to throw, after a look at whether the GPU is lost. @param words cuDNN's, of the status */
    private static JobFailedException failure(CudaStream stream, String what, int status, String words) {
        JobFailedException refused = status == NO_DEVICE_MEMORY ? stream.context().outOfMemory(what + ", " + words)
                : new JobFailedException(stream.context().device() + " on " + Host.name() + " refuses " + what + " (" + words + "): -D"
                        + Cudnn.PROPERTY + "=" + Cudnn.NONE + " does without cuDNN");
        try {
            stream.synchronize(); // says if the GPU is lost, which is not cuDNN's fault
        } catch (DeviceLostException e) {
            return e;
        } catch (JobFailedException e) { // nothing waits while a graph is captured
            refused.addSuppressed(e);
        }
        return refused;
    }

    /**
     * How a convolution is computed here; empty if no engine computes it as its {@link Factors} say, in the same order in every run and
     * with at most 1 GiB of workspace.
     *
     * @throws io.ugatit.tensor.cuda.driver.OutOfDeviceMemoryException if the GPU has not enough memory
     * @throws io.ugatit.tensor.cuda.driver.DeviceLostException if the GPU can be used no more
     * @throws JobFailedException if cuDNN fails, so that nobody knows which engine there is
     */
    public Optional<Plan> plan(Convolution convolution) {
        Optional<Plan> plan = plans.get(convolution);
        if (plan == null) {
            plan = make(convolution);
            plans.put(convolution, plan);
        }
        return plan;
    }

    private Optional<Plan> make(Convolution convolution) {
        stream.nativeHandle();
        OperationGraph graph = null;
        try {
            graph = new OperationGraph(convolution, handle);
            Heuristics heuristics = new Heuristics(graph, convolution.factors(), handle);
            Optional<Descriptor> plan = heuristics.plan();
            if (plan.isPresent()) {
                Plan made = new Plan(graph, plan.get());
                graph = null;
                return Optional.of(made);
            }
            if (SAID.add(convolution)) {
                LOG.info("cuDNN {} has no engine for {} {}", Cudnn.version(), convolution, heuristics.refusal());
            }
        } catch (RefusedException e) {
            if (!e.isFinal()) {
                throw failure(stream, convolution.toString(), e.status(), e.getMessage());
            }
            LOG.warn("{}", e.getMessage());
        } finally {
            if (graph != null) {
                graph.close();
            }
        }
        return Optional.empty();
    }

    /**
     * Queues a convolution. Addresses are multiples of 16; which of the three is written, the plan's {@link Convolution.Pass} says.
     *
     * @param plan of this stream
     * @param workspace where there are as many bytes as it needs; 0 if it needs none
     * @throws io.ugatit.tensor.cuda.driver.DeviceLostException if the GPU can be used no more
     * @throws JobFailedException if cuDNN refuses
     */
    public void run(Plan plan, long x, long w, long y, long workspace) {
        stream.nativeHandle();
        pack.bytes.putLong(POINTERS, x).putLong(POINTERS + Long.BYTES, w).putLong(POINTERS + 2 * Long.BYTES, y)
                .putLong(WORKSPACE, workspace);
        check(Libcudnn.cudnnBackendCreateDescriptor(VARIANT_PACK, pack.address));
        long descriptor = pack.bytes.getLong(0);
        try {
            check(Libcudnn.cudnnBackendSetAttribute(descriptor, PACK_IDS, TYPE_INT64, 3, pack.address + IDS));
            check(Libcudnn.cudnnBackendSetAttribute(descriptor, PACK_POINTERS, TYPE_POINTER, 3, pack.address + POINTERS));
            check(Libcudnn.cudnnBackendSetAttribute(descriptor, PACK_WORKSPACE, TYPE_POINTER, 1, pack.address + WORKSPACE));
            check(Libcudnn.cudnnBackendFinalize(descriptor));
            check(Libcudnn.cudnnBackendExecute(handle, plan.address(), descriptor));
        } finally {
            Libcudnn.cudnnBackendDestroyDescriptor(descriptor);
        }
    }

    private void check(int status) {
        if (status != 0) {
            throw failure(stream, "a convolution of cuDNN " + Cudnn.version(), status, RefusedException.words(status));
        }
    }

    /** Waits for the GPU and gives everything back; nothing is left to do if the GPU is lost. */
    @Override
    public void close() {
        if (!stream.context().isLost()) {
            stream.nativeHandle();
            plans.values().forEach(plan -> plan.ifPresent(Plan::close));
            plans.clear();
            RefusedException.check("its end", Libcudnn.cudnnDestroy(handle));
        }
    }
}
