package io.ugatit.tensor.cuda;

import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.cudnn.CudnnStream;
import io.ugatit.tensor.cuda.cudnn.CudnnUnavailableException;
import io.ugatit.tensor.cuda.driver.CudaDevice;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose convolutions a lane gets: cuDNN's if it is there, otherwise own ones. Says once what it has found. */
final class ConvolutionChoice {
    private static final Logger LOG = LoggerFactory.getLogger(ConvolutionChoice.class);
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private ConvolutionChoice() { }

    /** @throws CudnnUnavailableException if the precision takes cuDNN, and it is not there */
    static Convolutions of(Lane lane, Precision precision) {
        CudaDevice device = lane.program().context().device();
        // what own kernels compute of BF16's work they multiply as near to it as they can
        ConvolutionPart own = new ConvolutionPart(lane, precision != Precision.FP32 && lane.program().hasTensorCores());
        try {
            CudnnStream cudnn = CudnnStream.open(lane.stream());
            say("Convolutions on " + device + ": cuDNN " + Cudnn.version());
            return new CudnnConvolutions(lane, precision.factors(), cudnn, own);
        } catch (CudnnUnavailableException e) {
            if (precision == Precision.BF16) {
                throw e;
            }
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
