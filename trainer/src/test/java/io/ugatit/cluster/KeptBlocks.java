package io.ugatit.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import scala.collection.JavaConverters;

/** A plugin of Spark's that keeps a second link to every file an executor has in its local folders when a task of it ends. */
public final class KeptBlocks implements SparkPlugin {
    /** The setting that names the folder of the links. */
    static final String FOLDER = "spark.test.kept.blocks";

    @Override
    public DriverPlugin driverPlugin() {
        return null;
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            private final AtomicLong kept = new AtomicLong();
            private Path folder;
            private String executor;

            @Override
            public void init(PluginContext context, Map<String, String> extra) {
                folder = Path.of(context.conf().get(FOLDER));
                executor = context.executorID();
            }

            @Override
            public void onTaskSucceeded() { // in the task's thread, before the driver hears of its end
                for (File file : JavaConverters.seqAsJavaList(SparkEnv.get().blockManager().diskBlockManager().getAllFiles())) {
                    try {
                        Files.createLink(folder.resolve(file.getName() + "." + executor + "." + kept.getAndIncrement()), file.toPath());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
    }
}
