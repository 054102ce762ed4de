package io.ugatit.device;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;

/** Asks CUDA what GPUs there are, before ND4J starts: it would end with an error of the driver on one that it has no code for. */
final class CudaGpus {
    private CudaGpus() { }

    /** Whether ND4J's CUDA backend is on the class path, which then is the only one. */
    static boolean isBackend() {
        return CudaGpus.class.getClassLoader().getResource("org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    /**
     * By their numbers.
     *
     * @throws IllegalStateException if CUDA's driver fails or finds none
     * @throws LinkageError if CUDA is not installed
     */
    static List<Gpu> find() {
        int[] count = new int[1];
        require(cudart.cudaGetDeviceCount(count));
        List<Gpu> gpus = new ArrayList<>();
        for (int number = 0; number < count[0]; number++) {
            try (cudaDeviceProp properties = new cudaDeviceProp()) {
                require(cudart.cudaGetDeviceProperties(properties, number));
                gpus.add(new Gpu(properties.name().getString(), properties.major(), properties.minor()));
            }
        }
        return gpus;
    }

    private static void require(int status) {
        if (status != cudart.cudaSuccess) {
            throw new IllegalStateException("CUDA says: " + cudart.cudaGetErrorString(status).getString());
        }
    }
}
