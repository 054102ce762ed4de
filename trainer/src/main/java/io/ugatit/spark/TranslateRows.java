package io.ugatit.spark;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Appends translation, heatmap if asked for, and error to the rows of a partition, one after the other as they are asked for. */
final class TranslateRows implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private final TranslationSettings settings;
    private final int input;
    private final boolean heatmap;

    /**
     * @param input index of the column of images
     * @param heatmap whether there is a column of heatmaps
     */
    TranslateRows(TranslationSettings settings, int input, boolean heatmap) {
        this.settings = settings;
        this.input = input;
        this.heatmap = heatmap;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        if (!rows.hasNext()) {
            return Collections.emptyIterator(); // no reason to read the generator
        }
        RowTranslator translator = RowTranslator.ofTask(settings);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean more = rows.hasNext();
                if (!more) {
                    translator.close(); // a task may go on with many other partitions
                }
                return more;
            }

            @Override
            public Row next() {
                Row row = rows.next();
                return appended(row, translator.translate(row.get(input), heatmap));
            }
        };
    }

    private Row appended(Row row, TranslatedImage image) {
        int columns = row.length();
        Object[] values = new Object[columns + (heatmap ? 3 : 2)];
        for (int i = 0; i < columns; i++) {
            values[i] = row.get(i);
        }
        values[columns] = image.translation();
        if (heatmap) {
            values[columns + 1] = image.heatmap();
        }
        values[values.length - 1] = image.error();
        return RowFactory.create(values);
    }
}
