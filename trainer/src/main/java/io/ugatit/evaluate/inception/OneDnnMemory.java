package io.ugatit.evaluate.inception;

import io.ugatit.tensor.cpu.convolution.OneDnn;
import org.bytedeco.dnnl.memory;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;

/** oneDNN's views of memory that somebody else owns. */
final class OneDnnMemory {
    private OneDnnMemory() { }

    /** Memory at an address. */
    static memory at(memory.desc description, long address) {
        memory view = OneDnn.unbound(description);
        view.set_data_handle(new PagedPointer(address));
        return view;
    }

    /** A description of so many floats. */
    static memory.desc vector(int length) {
        return new memory.desc(new long[] {length}, memory.data_type.f32, memory.format_tag.a);
    }
}
