package io.ugatit.cluster.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** How floats of the state are written as bytes, in native order. */
interface Coding {
    /** Of a float. */
    int bytes();

    /** Writes floats, as many as their buffer holds. */
    void encode(ByteBuffer floats, ByteBuffer target);

    /** Fills a buffer with floats. */
    void decode(ByteBuffer source, ByteBuffer floats);

    /** As they are. */
    Coding EXACT = new Coding() {
        @Override
        public int bytes() {
            return Float.BYTES;
        }

        @Override
        public void encode(ByteBuffer floats, ByteBuffer target) {
            target.put(floats);
        }

        @Override
        public void decode(ByteBuffer source, ByteBuffer floats) {
            int bytes = floats.remaining();
            floats.put(source.slice(source.position(), bytes));
            source.position(source.position() + bytes);
        }
    };

    /**
     * As {@link UnsignedBfloat16}. What has been decoded is encoded as the same bytes again.
     *
     * @param salt of what is drawn
     */
    record Rounded(int salt) implements Coding {
        @Override
        public int bytes() {
            return UnsignedBfloat16.BYTES;
        }

        @Override
        public void encode(ByteBuffer floats, ByteBuffer target) {
            FloatBuffer from = floats.order(ByteOrder.nativeOrder()).asFloatBuffer();
            target.order(ByteOrder.nativeOrder());
            while (from.hasRemaining()) {
                target.putShort(UnsignedBfloat16.round(from.get(), salt));
            }
        }

        @Override
        public void decode(ByteBuffer source, ByteBuffer floats) {
            FloatBuffer into = floats.order(ByteOrder.nativeOrder()).asFloatBuffer();
            source.order(ByteOrder.nativeOrder());
            while (into.hasRemaining()) {
                into.put(UnsignedBfloat16.value(source.getShort()));
            }
        }
    }
}
