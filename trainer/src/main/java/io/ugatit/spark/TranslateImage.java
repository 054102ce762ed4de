package io.ugatit.spark;

import io.ugatit.device.Threads;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The function of SQL: an image in, a struct of translation, heatmap and error out. */
final class TranslateImage implements UDF1<Object, Row> {
    private static final long serialVersionUID = 1L;
    private static final StructType RESULT = new StructType()
            .add("translation", DataTypes.BinaryType)
            .add("heatmap", DataTypes.BinaryType)
            .add("error", DataTypes.StringType);

    private final TranslationSettings settings;
    /** Of the task that this copy of the function is in. */
    private transient RowTranslator translator;

    private TranslateImage(TranslationSettings settings) {
        this.settings = settings;
    }

    /** Called non-deterministic, since Spark would compute it once for each field of the struct that is used, and again in a filter. */
    static UserDefinedFunction function(TranslationSettings settings) {
        return functions.udf(new TranslateImage(settings), RESULT).asNondeterministic();
    }

    @Override
    public Row call(Object image) {
        TranslatedImage made = TaskContext.get() == null ? onDriver(image) : inTask(image);
        return RowFactory.create(made.translation(), made.heatmap(), made.error());
    }

    private TranslatedImage inTask(Object image) {
        if (translator == null || translator.isClosed()) {
            translator = RowTranslator.ofTask(settings);
        }
        return translator.translate(image, true);
    }

    private TranslatedImage onDriver(Object image) {
        int threads = Threads.inUse();
        try (RowTranslator once = RowTranslator.ofDriver(settings)) {
            return once.translate(image, true);
        } finally {
            Threads.use(threads);
        }
    }
}
