package io.ugatit.cluster.transport;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;

/**
 * How parts are written to a shuffle: four bytes of length, then the bytes as they are, from a {@link Part} straight into the stream and from
 * there straight to who reads an {@link ArrivingPart}. Java's serialisation would hold whole parts in memory and copy them by the kilobyte.
 * Keys are not written: the number of a part is that of its partition.
 */
final class PartSerializer extends Serializer implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public SerializerInstance newInstance() {
        return new Instance();
    }

    /** Scala's methods declare no exceptions, but Spark counts on the streams' own. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> RuntimeException undeclared(IOException e) throws E {
        throw (E) e;
    }

    private static final class Instance extends SerializerInstance {
        @Override
        public SerializationStream serializeStream(OutputStream out) {
            return new Writer(new DataOutputStream(out));
        }

        @Override
        public DeserializationStream deserializeStream(InputStream in) {
            return new Reader(new DataInputStream(in));
        }

        @Override
        public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
            throw onlyStreams();
        }

        @Override
        public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
            throw onlyStreams();
        }

        @Override
        public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
            throw onlyStreams();
        }

        private static UnsupportedOperationException onlyStreams() {
            return new UnsupportedOperationException("parts are written to streams only");
        }
    }

    private static final class Writer extends SerializationStream {
        private final DataOutputStream out;

        Writer(DataOutputStream out) {
            this.out = out;
        }

        @Override
        public <T> SerializationStream writeKey(T number, ClassTag<T> tag) {
            return this;
        }

        @Override
        public <T> SerializationStream writeObject(T object, ClassTag<T> tag) {
            if (!(object instanceof Part part)) { // an ArrivingPart
                throw new IllegalStateException("Spark's sorter has spilled parts to disk, which they cannot come back from: leave "
                        + "spark.shuffle.spill.numElementsForceSpillThreshold as it is");
            }
            try {
                out.writeInt(part.length());
                part.writeTo(out);
                return this;
            } catch (IOException e) {
                throw PartSerializer.<RuntimeException>undeclared(e);
            }
        }

        @Override
        public void flush() {
            try {
                out.flush();
            } catch (IOException e) {
                throw PartSerializer.<RuntimeException>undeclared(e);
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw PartSerializer.<RuntimeException>undeclared(e);
            }
        }
    }

    private static final class Reader extends DeserializationStream {
        private static final Object NO_KEY = "";
        private final DataInputStream in;

        Reader(DataInputStream in) {
            this.in = in;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T readKey(ClassTag<T> tag) {
            return (T) NO_KEY;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T readObject(ClassTag<T> tag) {
            try {
                return (T) new ArrivingPart(in.readInt(), in);
            } catch (IOException e) { // at the end an EOFException, as Spark expects
                throw PartSerializer.<RuntimeException>undeclared(e);
            }
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw PartSerializer.<RuntimeException>undeclared(e);
            }
        }
    }
}
