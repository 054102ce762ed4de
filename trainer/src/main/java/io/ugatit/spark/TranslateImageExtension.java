package io.ugatit.spark;

import io.ugatit.job.InvalidRequestException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Function1;
import scala.Tuple3;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives every session the function {@code translate_image(image, run, direction)}, without a line of code: for {@code spark-sql}, the Thrift
 * server and Spark Connect. It is switched on by {@code spark.sql.extensions=io.ugatit.spark.TranslateImageExtension}. The model is found
 * when a query is analysed, as {@link ImageTranslator#registerUdf} finds it, and the result is that function's.
 */
public final class TranslateImageExtension extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    private static final String NAME = "translate_image";
    private static final TranslateFunctions FUNCTIONS = new TranslateFunctions();

    /** For Spark, which makes extensions by their name. */
    public TranslateImageExtension() { }

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        String usage = "_FUNC_(image, run, direction) - Translates an image, binary or of Spark's image schema, by the newest whole"
                + " checkpoint of a run; direction is 'a2b' or 'b2a'. Gives a struct of translation (PNG), heatmap (PNG) and error.";
        ExpressionInfo info = new ExpressionInfo(TranslateImage.class.getName(), null, NAME, usage, "", "", "", "", "", "", "java_udf");
        Function1<Seq<Expression>, Expression> builder = TranslateImageExtension::call;
        extensions.injectFunction(new Tuple3<>(FunctionIdentifier.apply(NAME), info, builder));
        return BoxedUnit.UNIT;
    }

    private static Expression call(Seq<Expression> arguments) {
        if (arguments.length() != 3) {
            throw new InvalidRequestException(NAME + " takes 3 arguments, image, run and direction, not " + arguments.length());
        }
        DataType image = arguments.apply(0).dataType();
        if (!SparkImage.isTypeOf(image) && !image.equals(DataTypes.NullType)) {
            throw new InvalidRequestException(NAME + ": image must be binary, as of the source binaryFile, or Spark's image schema, not "
                    + image.catalogString());
        }
        ImageTranslator translator = new ImageTranslator().setRun(constant(arguments.apply(1), "run"))
                .setDirection(constant(arguments.apply(2), "direction"));
        return FUNCTIONS.of(translator.settings(SparkSession.active())).apply(new Column(arguments.apply(0))).expr();
    }

    private static String constant(Expression argument, String name) {
        Object value = argument.foldable() ? argument.eval(null) : null;
        if (value == null) {
            throw new InvalidRequestException(NAME + ": " + name + " must be a constant, not " + argument.sql());
        }
        return value.toString();
    }
}
