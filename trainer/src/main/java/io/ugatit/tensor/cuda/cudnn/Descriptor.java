package io.ugatit.tensor.cuda.cudnn;

import io.ugatit.tensor.cuda.driver.NativeMemory;
import java.lang.ref.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Something that cuDNN is told of by attributes, then finished: from then on it can only be asked. */
final class Descriptor implements AutoCloseable {
    private static final int HANDLE = 0;
    private static final int INT64 = 3;
    private static final int FLOAT = 4;
    private static final int DESCRIPTOR = 15;
    private static final int MOST_NOTES = 64;

    private final String what;
    private final long address;
    private boolean closed;

    /**
     * @param type cuDNN's number for it
     * @param what it is, for messages, as a noun
     */
    Descriptor(int type, String what) {
        this.what = what;
        NativeMemory cell = new NativeMemory(Long.BYTES);
        check(Libcudnn.cudnnBackendCreateDescriptor(type, cell.address));
        this.address = cell.bytes.getLong(0);
    }

    /** What cuDNN's functions take. */
    long address() {
        return address;
    }

    private void check(int status) {
        RefusedException.check(what, status);
    }

    private Descriptor set(int attribute, int type, long count, NativeMemory values) {
        RefusedException.check("attribute " + attribute + " of " + what,
                Libcudnn.cudnnBackendSetAttribute(address, attribute, type, count, values.address));
        Reference.reachabilityFence(values);
        return this;
    }

    Descriptor longs(int attribute, long... values) {
        NativeMemory memory = new NativeMemory(values.length * Long.BYTES);
        memory.bytes.asLongBuffer().put(values);
        return set(attribute, INT64, values.length, memory);
    }

    /** A value of an enumeration of that type. */
    Descriptor constant(int attribute, int type, int value) {
        NativeMemory memory = new NativeMemory(Integer.BYTES);
        memory.bytes.putInt(0, value);
        return set(attribute, type, 1, memory);
    }

    Descriptor number(int attribute, float value) {
        NativeMemory memory = new NativeMemory(Float.BYTES);
        memory.bytes.putFloat(0, value);
        return set(attribute, FLOAT, 1, memory);
    }

    Descriptor of(int attribute, Descriptor other) {
        return pointer(attribute, DESCRIPTOR, other.address);
    }

    /** @param handle 0: none, as without a GPU */
    Descriptor handle(int attribute, long handle) {
        return handle == 0 ? this : pointer(attribute, HANDLE, handle);
    }

    private Descriptor pointer(int attribute, int type, long value) {
        NativeMemory memory = new NativeMemory(Long.BYTES);
        memory.bytes.putLong(0, value);
        return set(attribute, type, 1, memory);
    }

    /** @throws RefusedException if something is missing, does not fit, or cannot be done */
    Descriptor finish() {
        check(Libcudnn.cudnnBackendFinalize(address));
        return this;
    }

    private long get(int attribute, int type, long requested, NativeMemory values) {
        NativeMemory count = new NativeMemory(Long.BYTES);
        RefusedException.check("an answer on attribute " + attribute + " of " + what, Libcudnn.cudnnBackendGetAttribute(address, attribute,
                type, requested, count.address, values == null ? 0 : values.address));
        Reference.reachabilityFence(values);
        return count.bytes.getLong(0);
    }

    long number(int attribute) {
        NativeMemory value = new NativeMemory(Long.BYTES);
        get(attribute, INT64, 1, value);
        return value.bytes.getLong(0);
    }

    /** Values of an enumeration of that type. */
    Set<Integer> constants(int attribute, int type) {
        NativeMemory values = new NativeMemory(MOST_NOTES * Integer.BYTES);
        long count = Math.min(MOST_NOTES, get(attribute, type, MOST_NOTES, values));
        Set<Integer> constants = new HashSet<>();
        for (int i = 0; i < count; i++) {
            constants.add(values.bytes.getInt(i * Integer.BYTES));
        }
        return constants;
    }

    /** How many descriptors it would tell. */
    int count(int attribute) {
        return Math.toIntExact(get(attribute, DESCRIPTOR, 0, null));
    }

    /** Lets others become what it tells. Returns how many did. */
    int fill(int attribute, List<Descriptor> others) {
        NativeMemory addresses = new NativeMemory(others.size() * Long.BYTES);
        for (int i = 0; i < others.size(); i++) {
            addresses.bytes.putLong(i * Long.BYTES, others.get(i).address);
        }
        return (int) Math.min(others.size(), get(attribute, DESCRIPTOR, others.size(), addresses));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            check(Libcudnn.cudnnBackendDestroyDescriptor(address));
        }
    }
}
