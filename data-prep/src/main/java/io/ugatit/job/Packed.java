package io.ugatit.job;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * A value in Java's serial form, for what goes through an RDD, a task's result or a broadcast: those use {@code spark.serializer}, and
 * Spark's Kryo can carry neither records nor the JDK's immutable lists. Immutable, thread-safe.
 *
 * @param <T> a serializable type
 */
public final class Packed<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    private Packed(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Packs a value.
     *
     * @param value a value whose parts are all serializable
     * @param <T> its type
     */
    public static <T> Packed<T> of(T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Packed<>(bytes.toByteArray());
    }

    /** A copy of the value, new on every call. */
    @SuppressWarnings("unchecked") // of() put a T in
    public T get() {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (T) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a class of this program is missing here: " + e.getMessage(), e);
        }
    }
}
