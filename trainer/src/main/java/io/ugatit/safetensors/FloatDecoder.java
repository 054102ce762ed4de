package io.ugatit.safetensors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Little-endian numbers of files as 32-bit floats. */
public final class FloatDecoder {
    private FloatDecoder() { }

    /**
     * Converts numbers that lie one after the other.
     *
     * @param type a type that {@link DType#isReadable() can be read}
     * @param source holds the numbers from index 0, in little-endian order
     * @param count how many
     * @param floats takes them from its index 0
     * @throws IllegalArgumentException if the type is not floating
     */
    public static void decode(DType type, ByteBuffer source, int count, FloatBuffer floats) {
        if (type == DType.F32) {
            floats.put(0, source.asFloatBuffer(), 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            floats.put(i, decode(type, source, i * type.bytes()));
        }
    }

    /**
     * One number.
     *
     * @param type a type that {@link DType#isReadable() can be read}
     * @param source in little-endian order
     * @param at the number's first byte
     * @throws IllegalArgumentException if the type is not floating
     */
    public static float decode(DType type, ByteBuffer source, int at) {
        return switch (type) {
            case F32 -> source.getFloat(at);
            case F64 -> (float) source.getDouble(at);
            case BF16 -> Float.intBitsToFloat(source.getShort(at) << 16);
            case F16 -> halfToFloat(source.getShort(at));
            default -> throw new IllegalArgumentException("not a floating type: " + type);
        };
    }

    /** IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int floatExponent = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | floatExponent << 23 | fraction << 13);
    }
}
