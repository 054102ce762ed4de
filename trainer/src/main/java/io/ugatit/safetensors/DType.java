package io.ugatit.safetensors;

/** The element types of safetensors files; those that {@link #isReadable() can be read} become 32-bit floats. */
public enum DType {
    BOOL(1), U8(1), I8(1), F8_E5M2(1), F8_E4M3(1), I16(2), U16(2), F16(2), BF16(2), I32(4), U32(4), F32(4), I64(8), U64(8), F64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** @return the size of one element in bytes, 1 to 8 */
    public int bytes() {
        return bytes;
    }

    /** @return whether {@link SafetensorsFile#read} converts it to a float: true for F16, BF16, F32 and F64 */
    public boolean isReadable() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }
}
