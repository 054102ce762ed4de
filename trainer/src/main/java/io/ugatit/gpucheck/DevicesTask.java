package io.ugatit.gpucheck;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ugatit.tensor.Compute;
import io.ugatit.tensor.cuda.CudaKernels;
import io.ugatit.tensor.cuda.Precision;
import io.ugatit.tensor.cuda.cudnn.Cudnn;
import io.ugatit.tensor.cuda.driver.CudaDevice;
import io.ugatit.tensor.cuda.driver.CudaDriver;
import java.util.Locale;
import java.util.Optional;

/** Looks at driver, GPU and libraries, and loads the kernels. */
final class DevicesTask implements Task {

    @Override
    public void run(Assignment assignment) {
        CudaDevice device = CudaDriver.require(assignment.gpu());
        ObjectNode driver = JsonNodeFactory.instance.objectNode().put("cuda_version", CudaDriver.version());
        assignment.tell(new Finding("driver", "CUDA " + CudaDriver.version() / 1000 + "." + CudaDriver.version() % 1000 / 10,
                true, driver));
        ObjectNode values = JsonNodeFactory.instance.objectNode().put("gpu", device.name()).put("capability", device.capability())
                .put("multiprocessors", device.multiprocessors()).put("memory_mb", device.bytes() >> 20);
        assignment.tell(new Finding(device.toString(), String.format(Locale.ROOT, "compute capability %d.%d, %d multiprocessors, %.1f GiB",
                device.major(), device.minor(), device.multiprocessors(), device.bytes() / 1073741824.0), true, values));
        Optional<String> lack = Cudnn.problem();
        ObjectNode library = JsonNodeFactory.instance.objectNode();
        if (lack.isEmpty()) {
            library.put("cudnn", Cudnn.version());
        }
        assignment.tell(new Finding("cuDNN", lack.map(why -> "own kernels only: " + why).orElseGet(() -> "version " + Cudnn.version()),
                true, library));
        long began = System.nanoTime();
        Compute compute = CudaKernels.compute(assignment.gpu(), Precision.FP32);
        double[] zero = compute.kernels().read(compute.kernels().values(1));
        double seconds = (System.nanoTime() - began) / 1e9;
        assignment.tell(new Finding("kernels", String.format(Locale.ROOT, "loaded in %.1f s", seconds), zero[0] == 0,
                JsonNodeFactory.instance.objectNode().put("load_s", seconds)));
        compute.close();
    }
}
