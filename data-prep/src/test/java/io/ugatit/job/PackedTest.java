package io.ugatit.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;

class PackedTest {
    private record Note(String text, List<Integer> numbers) implements Serializable {}

    @Test
    void aRecordPassesThroughKryo() {
        Note note = new Note("ü", List.of(1, 2, 3));
        SerializerInstance kryo = new KryoSerializer(new SparkConf(false)).newInstance();
        ClassTag<Packed<Note>> type = ClassTag.apply(Packed.class);

        Packed<Note> arrived = kryo.deserialize(kryo.serialize(Packed.of(note), type), type);

        assertThat(arrived.get()).isEqualTo(note);
    }
}
