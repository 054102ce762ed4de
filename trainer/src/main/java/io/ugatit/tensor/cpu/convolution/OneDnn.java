package io.ugatit.tensor.cpu.convolution;

import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/** oneDNN's engine, and the descriptions of memory that its primitives take. */
public final class OneDnn {
    /** One channel beside the other: a row-by-row array of four dimensions. */
    public static final int PLAIN = dnnl.dnnl_abcd;
    /** Whatever the primitive likes best. */
    public static final int ANY = dnnl.dnnl_format_tag_any;

    private OneDnn() { }

    private static final class Holder {
        static final engine ENGINE = new engine(dnnl.dnnl_cpu, 0);
    }

    /**
     * Loads the library.
     *
     * @throws LinkageError if there is none for this platform, or its classes are not there
     * @throws TypeNotPresentException if classes that its own refer to are not there
     */
    public static void load() {
        Loader.load(dnnl.class);
    }

    /** The processor. */
    public static engine engine() {
        return Holder.ENGINE;
    }

    /** The name of the layout of maps with so many lanes. */
    public static int maps(int lanes) {
        return switch (lanes) {
            case 1 -> PLAIN;
            case 8 -> dnnl.dnnl_aBcd8b;
            case 16 -> dnnl.dnnl_aBcd16b;
            default -> throw new IllegalArgumentException("oneDNN has no maps with " + lanes + " channels side by side");
        };
    }

    /** A description of single-precision memory of four dimensions. */
    public static memory.desc describe(int layout, long... dimensions) {
        dnnl_memory_desc_t description = new dnnl_memory_desc_t();
        return checked(dnnl.dnnl_memory_desc_init_by_tag(description, dimensions.length, dimensions, dnnl.dnnl_f32, layout), description,
                dimensions);
    }

    /** The same in any order. @param strides floats from one index of a dimension to the next */
    public static memory.desc describeStrided(long[] strides, long... dimensions) {
        dnnl_memory_desc_t description = new dnnl_memory_desc_t();
        return checked(dnnl.dnnl_memory_desc_init_by_strides(description, dimensions.length, dimensions, dnnl.dnnl_f32, strides),
                description, dimensions);
    }

    private static memory.desc checked(int status, dnnl_memory_desc_t description, long... dimensions) {
        if (status != dnnl.dnnl_success) {
            throw new IllegalArgumentException("oneDNN refuses memory of " + Arrays.toString(dimensions) + ": status " + status);
        }
        return new memory.desc(description);
    }

    /** Memory whose address is set before each use. */
    public static memory unbound(memory.desc description) {
        return new memory(description, engine(), (Pointer) null);
    }

    /** A primitive that adds to its output. */
    public static primitive_attr adding() {
        post_ops sum = new post_ops();
        sum.append_sum();
        primitive_attr attributes = new primitive_attr();
        attributes.set_post_ops(sum);
        return attributes;
    }

    /** Scratch memory is the caller's: primitives of one thread share it, and those of two threads never do. */
    public static primitive_attr callersScratch() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.dnnl_scratchpad_mode_user);
        return attributes;
    }
}
