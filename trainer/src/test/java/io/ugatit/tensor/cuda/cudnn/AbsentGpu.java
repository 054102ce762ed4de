package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.tensor.cuda.driver.NativeMemory;
import java.nio.charset.StandardCharsets;

/**
 * A GPU that is not here, as cuDNN knows it from 9.8 on, so that its heuristics choose for it.
 *
 * @param name for messages
 * @param capability ten times its compute capability
 * @param multiprocessors how many it has
 * @param sharedBytes of shared memory that a block can ask for
 */
record AbsentGpu(String name, int capability, int multiprocessors, int sharedBytes) {
    private static final int PROPERTIES = 38;
    private static final int PROPERTIES_JSON = 2702;
    private static final int TYPE_CHAR = 24;

    private String json() {
        return """
                {"cudaDeviceId":0,"deviceName":"%s","deviceVer":%d,"driverVer":13000,"isTccDriver":0,"l2CacheSize":41943040,
                "maxCtasPerSM":16,"maxRegistersPerSM":65536,"maxSharedMemoryPerBlock":49152,"maxSharedMemoryPerBlockOptin":%d,
                "maxThreadsPerBlock":1024,"maxThreadsPerSM":1024,
                "memClockRateKHz":2000000,"multiProcessorCount":%d,"pciDeviceId":0,"regsPerBlock":65536,
                "reservedSharedMemoryPerBlock":1024,"smClockRateKHz":1500000,"smCountOrigin":0,"supportCoopLaunch":1,
                "totalGlobalMem":16000000000,"warpSize":32,"maxBlockSize":[1024,1024,64],"maxGridSize":[2147483647,65535,65535]}
                """.formatted(name, 10 * capability, sharedBytes, multiprocessors);
    }

    /** The caller's to close. */
    Descriptor properties() {
        Descriptor properties = new Descriptor(PROPERTIES, "the properties of " + name);
        byte[] text = json().getBytes(StandardCharsets.UTF_8);
        NativeMemory memory = NativeMemory.terminated(text);
        RefusedException.check(json(), Libcudnn.cudnnBackendSetAttribute(properties.address(), PROPERTIES_JSON, TYPE_CHAR, text.length,
                memory.address));
        return properties.finish();
    }
}
