package io.ugatit.prep.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ugatit.dataset.Domain;
import io.ugatit.dataset.Split;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class KnownRowsTest {
    private static SourceFile row(int i) {
        return new SourceFile(Domain.A, Split.TRAIN, "row " + i, 100 + i, 7L * i);
    }

    @Test
    void aRowIsKnownByFolderNameLengthAndBytes() {
        KnownRows known = new KnownRows(IntStream.range(0, 1000).mapToObj(KnownRowsTest::row));

        assertThat(IntStream.range(0, 2000).filter(i -> known.has(row(i)))).containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        for (SourceFile other : List.of(new SourceFile(Domain.B, Split.TRAIN, "row 1", 101, 7), new SourceFile(Domain.A, Split.TEST, "row 1", 101, 7),
                new SourceFile(Domain.A, Split.TRAIN, "row 2", 101, 7), new SourceFile(Domain.A, Split.TRAIN, "row 1", 102, 7),
                new SourceFile(Domain.A, Split.TRAIN, "row 1", 101, 8))) {
            assertThat(known.has(other)).as(other.toString()).isFalse();
        }
    }

    @Test
    void tasksKnowTheSameRows() {
        KnownRows known = new KnownRows(IntStream.range(0, 10).mapToObj(KnownRowsTest::row));
        ClassTag<KnownRows> type = ClassTag$.MODULE$.apply(KnownRows.class);
        for (Serializer serializer : List.of(new JavaSerializer(new SparkConf()), new KryoSerializer(new SparkConf()))) {
            SerializerInstance instance = serializer.newInstance();
            KnownRows there = instance.deserialize(instance.serialize(known, type), type);

            assertThat(IntStream.range(0, 20).filter(i -> there.has(row(i)))).hasSize(10).allMatch(i -> i < 10);
        }
    }

    @Test
    void withoutRowsNothingIsKnown() {
        assertThat(new KnownRows(Stream.empty()).has(row(0))).isFalse();
    }
}
