package io.ugatit.tensor.cuda;

import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.cudnn.CudnnStream;
import io.ugatit.tensor.cuda.cudnn.CudnnUnavailableException;
import io.ugatit.tensor.cuda.driver.CudaDevice;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose convolutions lanes that compute together get: cuDNN's if it is there, otherwise own ones. The first lane decides for all, since the
 * two round differently. Says once what it has found. Thread-safe.
 */
final class ConvolutionChoice {
    private static final Logger LOG = LoggerFactory.getLogger(ConvolutionChoice.class);
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private enum Chosen { NOTHING_YET, CUDNN, OWN }

    private final Precision precision;
    private Chosen chosen = Chosen.NOTHING_YET;

    ConvolutionChoice(Precision precision) {
        this.precision = precision;
    }

    /**
     * A lane's convolutions.
     *
     * @throws CudnnUnavailableException if the precision takes cuDNN, and it is not there
     * @throws JobFailedException if cuDNN fails, or the lanes before have it and this one cannot
     */
    synchronized Convolutions of(Lane lane) {
        CudaDevice device = lane.program().context().device();
        // what own kernels compute of BF16's work they multiply as near to it as they can
        ConvolutionPart own = new ConvolutionPart(lane, precision != Precision.FP32 && lane.program().hasTensorCores());
        if (chosen == Chosen.OWN) {
            return own;
        }
        try {
            CudnnStream cudnn = CudnnStream.open(lane.stream());
            chosen = Chosen.CUDNN;
            say("Convolutions on " + device + ": cuDNN " + Cudnn.version());
            return new CudnnConvolutions(lane, precision.factors(), cudnn, own);
        } catch (CudnnUnavailableException e) {
            if (chosen == Chosen.CUDNN) {
                throw new JobFailedException("some convolutions on " + device + " are cuDNN's, and now " + e.getMessage(), e);
            }
            if (precision == Precision.BF16) {
                throw e;
            }
            chosen = Chosen.OWN;
            say("Convolutions on " + device + ": own kernels, because " + e.getMessage());
            return own;
        }
    }

    private static void say(String line) {
        if (SAID.add(line)) {
            LOG.info("{}", line);
        }
    }
}
