package io.ugatit.evaluate.inception;

import io.ugatit.tensor.cpu.convolution.GrowingMemory;
import io.ugatit.tensor.cpu.convolution.OneDnn;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** A thread's memory for the feature maps of one image, 13 MB off the Java heap, and its calls of the compiled layers. */
final class Workspace {
    private final List<GrowingMemory> memory = new ArrayList<>();
    private final List<Step> steps;
    private final List<IntMemoryMap> arguments = new ArrayList<>();
    private final stream stream = new stream(OneDnn.engine());
    private final FloatPointer image;
    private final FloatPointer features;

    /**
     * @param steps in order
     * @param sizes bytes of the regions
     * @param output where the features are after the last step
     */
    Workspace(List<Step> steps, Map<Region, Long> sizes, Maps output) {
        this.steps = steps;
        Map<Region, GrowingMemory> regions = new EnumMap<>(Region.class);
        Map<Region, Long> addresses = new EnumMap<>(Region.class);
        sizes.forEach((region, bytes) -> {
            regions.put(region, kept());
            addresses.put(region, regions.get(region).address(bytes).address());
        });
        long scratch = kept().address(steps.stream().mapToLong(step -> step.scratch().get_size()).max().orElse(0)).address();
        for (Step step : steps) {
            IntMemoryMap map = new IntMemoryMap();
            step.maps().forEach((argument, maps) -> map.put(argument, maps.in(addresses)));
            step.weights().forEach(map::put);
            map.put(dnnl.DNNL_ARG_SCRATCHPAD, OneDnnMemory.at(step.scratch(), scratch));
            arguments.add(map);
        }
        image = regions.get(Region.IMAGES).floats(sizes.get(Region.IMAGES) / Float.BYTES);
        features = regions.get(output.region()).floats(sizes.get(output.region()) / Float.BYTES);
    }

    private GrowingMemory kept() {
        GrowingMemory kept = new GrowingMemory();
        memory.add(kept);
        return kept;
    }

    /** Computes the features of an image. @param planes three, 299 x 299 each */
    float[] features(float[] planes) {
        image.put(planes, 0, planes.length);
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).primitive().execute(stream, arguments.get(i));
        }
        float[] result = new float[InceptionV3.FEATURES];
        // maps of side 1: one channel after the other however they are blocked
        features.get(result, 0, result.length);
        return result;
    }

    /** Frees the memory. */
    void close() {
        memory.forEach(GrowingMemory::close);
    }
}
