"""ugatit-spark in PySpark. The module lies in the jar: give the jar to spark-submit as --jars and as --py-files."""
import sys

from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

# PySpark looks for the stages of a saved pipeline in modules with the names of their Java packages
sys.modules["io.ugatit.spark"] = sys.modules[__name__]
_JAVA_CLASS = "io.ugatit.spark.ImageTranslator"


class _Reader(JavaMLReader):
    @classmethod
    def _java_loader_class(cls, clazz):
        return _JAVA_CLASS


class ImageTranslator(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """Translates a column of images: ImageTranslator(run="runs/first", direction="a2b").transform(df).

    The params are those of the Java class; explainParams() lists them.
    """

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(_JAVA_CLASS, self.uid)
        self._create_params_from_java()
        self._transfer_params_from_java()  # the defaults
        self.setParams(**params)

    def setParams(self, **params):
        """Sets params by their names; a wrong value is refused with one line that says what would be right."""
        for name, value in params.items():
            self.set(self.getParam(name), value)
        self._transfer_params_to_java()
        return self

    def registerUdf(self, spark, name):
        """Makes a function of SQL that translates as this does: image in, struct of translation, heatmap and error out."""
        self._transfer_params_to_java()
        self._java_obj.registerUdf(spark._jsparkSession, name)

    @classmethod
    def read(cls):
        """Reads translators that were saved."""
        return _Reader(cls)
