package io.ugatit.tensor.cuda.driver;

import com.sun.jna.NativeLibrary;
import io.ugatit.job.JobFailedException;
import io.ugatit.tensor.cuda.StandInDriver;

/** What {@link DriverErrorsTest} lets go wrong in JVMs of their own, since a JVM binds one driver only. */
public final class Misfortune {
    private Misfortune() { }

    /** Prints the exceptions' types and messages; the first argument is what to do, the others set the environment (NAME=value). */
    public static void main(String[] args) {
        for (int i = 1; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            NativeLibrary.getInstance("c").getFunction("setenv").invokeInt(new Object[] {pair[0], pair[1], 1});
        }
        try {
            switch (args[0]) {
                case "devices" -> CudaDriver.devices().forEach(device -> System.out.println(device.problem().orElse("fine: " + device)));
                case "open" -> CudaContext.open(2);
                case "load" -> CudaContext.open(0).load(StandInDriver.ptx("fill"));
                case "lose" -> lose();
                case "memory" -> memory();
                default -> throw new IllegalArgumentException(args[0]);
            }
            System.out.println("ended");
        } catch (JobFailedException e) {
            tell(e);
        }
    }

    private static void tell(JobFailedException e) {
        System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    private static void lose() {
        try (CudaContext context = CudaContext.open(0); CudaModule module = context.load(StandInDriver.ptx("fill"));
                CudaStream stream = context.newStream(); DevicePool pool = new DevicePool(stream, new DeviceMemories())) {
            Launch launch = stream.newLaunch().of(module.function("fill")).pointer(pool.take(4).address()).int64(1).float32(1);
            launch.run();
            stream.synchronize();
            System.out.println("lost: " + context.isLost());
            try {
                launch.run();
            } catch (DeviceLostException e) {
                tell(e);
            }
            System.out.println("lost: " + context.isLost());
            try {
                stream.synchronize();
            } catch (DeviceLostException e) {
                tell(e);
            }
        }
    }

    private static void memory() {
        DeviceMemories memories = new DeviceMemories();
        try (CudaContext context = CudaContext.open(0); CudaStream stream = context.newStream();
                DevicePool pool = new DevicePool(stream, memories); DevicePool other = new DevicePool(stream, memories)) {
            DeviceMemory kept = pool.take(256);
            other.release(other.take(512));
            System.out.println(pool.take(768).bytes() + " taken, " + pool.allocatedBytes() + " allocated");
            try {
                pool.take(256);
            } catch (OutOfDeviceMemoryException e) {
                tell(e);
            }
            pool.release(kept);
            System.out.println(pool.take(256) == kept);
        }
    }
}
